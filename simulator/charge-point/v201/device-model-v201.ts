import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import type { DeviceModel, Variable, VariableName } from '../device-model.ts';

const Named = z.object({
  component: z.looseObject({ name: z.string(), evse: z.looseObject({ id: z.number() }).optional() }),
  variable: z.looseObject({ name: z.string(), instance: z.string().optional() }),
});
const Attribute = Named.extend({ attributeType: z.enum(['Actual', 'Target', 'MinSet', 'MaxSet']).default('Actual') });

const nameOf = ({ component, variable }: z.infer<typeof Named>): VariableName => ({
  name: `${component.name}.${variable.name}`,
  evseId: component.evse?.id,
  instance: variable.instance,
});

type Asked = z.infer<typeof Attribute>;

/** Why a variable is not there: its component is not, or the component has no such variable. */
const unknown = (variables: DeviceModel, { component }: Asked): string =>
  variables.hasComponent(component.name) ? 'UnknownVariable' : 'UnknownComponent';

const echo = ({ component, variable, attributeType }: Asked): Payload => ({ component, variable, attributeType });

const Gets = z.object({ getVariableData: z.array(Attribute) });

const getVariables = (payload: Payload, { variables }: Controls): Payload => ({
  getVariableResult: Gets.parse(payload).getVariableData.map((asked) => {
    const found = variables.find(nameOf(asked));
    if (found === undefined) return { ...echo(asked), attributeStatus: unknown(variables, asked) };
    if (asked.attributeType !== 'Actual') return { ...echo(asked), attributeStatus: 'NotSupportedAttributeType' };
    return found.access === 'WriteOnly'
      ? { ...echo(asked), attributeStatus: 'Rejected' }
      : { ...echo(asked), attributeStatus: 'Accepted', attributeValue: found.value };
  }),
});

const Sets = z.object({ setVariableData: z.array(Attribute.extend({ attributeValue: z.string() })) });

const setVariables = (payload: Payload, { variables }: Controls): Payload => ({
  setVariableResult: Sets.parse(payload).setVariableData.map((asked) => {
    if (asked.attributeType !== 'Actual') return { ...echo(asked), attributeStatus: 'NotSupportedAttributeType' };
    const result = variables.set(nameOf(asked), asked.attributeValue);
    return { ...echo(asked), attributeStatus: result === 'Unknown' ? unknown(variables, asked) : result };
  }),
});

const split = ({ name }: Variable): readonly [component: string, variable: string] => {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
};

const reported = (variable: Variable): Payload => {
  const [component, name] = split(variable);
  const { access, value, dataType, unit, evseId, instance, range, words } = variable;
  return {
    component: { name: component, ...(evseId !== undefined && { evse: { id: evseId } }) },
    variable: { name, ...omitUndefined({ instance }) },
    variableAttribute: [{ mutability: access, ...(access === 'WriteOnly' ? {} : { value }) }],
    variableCharacteristics: {
      dataType,
      supportsMonitoring: false,
      ...omitUndefined({ unit, minLimit: range?.[0], maxLimit: range?.[1], valuesList: words?.join(',') }),
    },
  };
};

const PER_REPORT = 8;

/** The variables in parts of a few each; `tbc` says that more follow. */
const tellReport = (requestId: number, wanted: readonly Variable[], { tellSoon, now }: Controls): Payload => {
  const parts = Math.ceil(wanted.length / PER_REPORT);
  tellSoon(
    Array.from({ length: parts }, (_, seqNo) => ({
      action: 'NotifyReport',
      payload: () => ({
        requestId,
        generatedAt: new Date(now()).toISOString(),
        seqNo,
        tbc: seqNo < parts - 1,
        reportData: wanted.slice(seqNo * PER_REPORT, (seqNo + 1) * PER_REPORT).map(reported),
      }),
    })),
  );
  return statusAnswer(parts > 0, 'EmptyResultSet');
};

const getBaseReport = (payload: Payload, controls: Controls): Payload => {
  const { requestId, reportBase } = z.object({ requestId: z.number(), reportBase: z.string() }).parse(payload);
  if (reportBase === 'SummaryInventory')
    return tellReport(
      requestId,
      controls.variables.all().filter(({ name }) => /\.(Availab|Problem)/.test(name)),
      controls,
    );
  const all = controls.variables.all();
  return tellReport(
    requestId,
    reportBase === 'ConfigurationInventory' ? all.filter(({ access }) => access !== 'ReadOnly') : all,
    controls,
  );
};

const getReport = (payload: Payload, controls: Controls): Payload => {
  const { requestId, componentVariable } = z
    .object({
      requestId: z.number(),
      componentVariable: z.array(Named.extend({ variable: Named.shape.variable.optional() })).optional(),
    })
    .parse(payload);
  const wanted = controls.variables.all().filter((variable) => {
    const [component, name] = split(variable);
    return (
      componentVariable === undefined ||
      componentVariable.some((asked) => asked.component.name === component && (asked.variable?.name ?? name) === name)
    );
  });
  return tellReport(requestId, wanted, controls);
};

/** The device model of OCPP 2.0.1: reading, writing, reporting. */
export const deviceModelV201: Commands = {
  GetBaseReport: { answer: getBaseReport, refusal: () => ({ status: 'Rejected' }) },
  GetReport: { answer: getReport, refusal: () => ({ status: 'Rejected' }) },
  GetVariables: {
    answer: getVariables,
    refusal: (payload) => ({
      getVariableResult: Gets.parse(payload).getVariableData.map((asked) => ({
        ...echo(asked),
        attributeStatus: 'Rejected',
      })),
    }),
  },
  SetVariables: {
    answer: setVariables,
    refusal: (payload) => ({
      setVariableResult: Sets.parse(payload).setVariableData.map((asked) => ({
        ...echo(asked),
        attributeStatus: 'Rejected',
      })),
    }),
  },
};
