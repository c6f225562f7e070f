import { runDefinition } from '../../local/stepfunctions/run-definition.ts';
import type { StatesDefinition } from '../../local/stepfunctions/state-machine.ts';
import type { SimStepFunctions } from '../services/sim-step-functions.ts';

export type WorkflowPorts = {
  /** Definitions of state machines by their ARN, as text. */
  readonly definitions: ReadonlyMap<string, string>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly report: (problem: string) => void;
};

/** Carries out every execution that is started, by the deployed definition. */
export const runWorkflows = (states: SimStepFunctions, { definitions, invoke, report }: WorkflowPorts): void => {
  const machines = new Map<string, StatesDefinition>();
  for (const [arn, text] of definitions) machines.set(arn, JSON.parse(text));
  states.onStart(({ executionArn, stateMachineArn, name, input, startedAt }) => {
    const definition = machines.get(stateMachineArn);
    if (definition === undefined) throw new Error(`No definition of ${stateMachineArn}`);
    const context = {
      Execution: { Id: executionArn, Name: name, StartTime: new Date(startedAt).toISOString() },
      StateMachine: { Id: stateMachineArn, Name: stateMachineArn.split(':').at(-1) },
    };
    const { ended } = runDefinition(definition, JSON.parse(input), context, invoke);
    void ended.then((how) => {
      if (how.status === 'FAILED') report(`${name} of ${input}: ${how.error}: ${how.cause}`);
      states.end(executionArn, how);
    });
  });
};
