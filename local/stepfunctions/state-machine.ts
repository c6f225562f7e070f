import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

/** States of the Amazon States Language, as far as the runtime itself looks at them. */
export type StateDefinition = {
  readonly Type: string;
  readonly Resource?: string;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  /** Of a Map state. */
  readonly ItemProcessor?: StatesDefinition;
  /** Of a Parallel state. */
  readonly Branches?: readonly StatesDefinition[];
};
export type StatesDefinition = {
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
};

const Machine = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  DefinitionString: z.string(),
  EncryptionConfiguration: ignored,
  LoggingConfiguration: ignored,
  RoleArn: ignored,
  Tags: ignored,
  TracingConfiguration: ignored,
});

export const stateMachine: ResourceKind<z.infer<typeof Machine>> = {
  type: 'AWS::StepFunctions::StateMachine',
  properties: Machine,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'StateMachineName', property, account);
    const arn = arnOf('states', `stateMachine:${name}`, account);
    return { ref: arn, attributes: { Arn: arn, Name: name } };
  },
};

/** Every state with its name, those inside Map and Parallel states as well. */
export const allStates = ({ States }: StatesDefinition): readonly (readonly [string, StateDefinition])[] =>
  Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor ? allStates(state.ItemProcessor) : []),
    ...(state.Branches ?? []).flatMap(allStates),
  ]);

/**
 * What AWS would run and this machine would run otherwise, in a sentence each: the emulator finds a task by the name of its
 * state, ends one without a time-out of its own after a minute (AWS after three years), and knows JSONPath only.
 */
export const runsDifferently = (definition: StatesDefinition): readonly string[] => {
  const states = allStates(definition);
  const names = states.map(([name]) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const jsonata = [definition, ...states.map(([, state]) => state)].some(
    ({ QueryLanguage }) => QueryLanguage !== undefined && QueryLanguage !== 'JSONPath',
  );
  const endless = states.filter(
    ([, { Type, TimeoutSeconds, TimeoutSecondsPath }]) =>
      Type === 'Task' && TimeoutSeconds === undefined && TimeoutSecondsPath === undefined,
  );
  return [
    ...repeated.map((name) => `Two states are called ${name}: the local runtime tells tasks apart by their names`),
    ...endless.map(([name]) => `Task ${name} has no TimeoutSeconds`),
    ...(jsonata ? ['The local runtime runs JSONPath only'] : []),
  ];
};
