import { ServiceError } from '../http/http-server.ts';
import type { Journal } from '../journal.ts';
import type { LocalSystem } from '../local-system.ts';
import { inputProblem, isExecutionName } from './execution-request.ts';
import { type ExecutionEnd, type RunningDefinition, runDefinition } from './run-definition.ts';
import { runsDifferently, type StatesDefinition } from './state-machine.ts';

export type Execution = {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** How it ended; undefined while it runs. */
  readonly end?: ExecutionEnd & { readonly at: number };
};

export type Executions = {
  /**
   * Starts an execution, or finds the open one of the same name and input. Throws ServiceError ExecutionAlreadyExists for a
   * name that is closed or has another input, InvalidName, InvalidExecutionInput, StateMachineDoesNotExist.
   */
  readonly start: (stateMachineArn: string, name: string | undefined, input: string) => Promise<Execution>;
  /** Ends an execution as ABORTED. Throws ServiceError ExecutionDoesNotExist. */
  readonly stop: (executionArn: string) => Promise<Execution>;
  readonly describe: (executionArn: string) => Execution;
  readonly list: (stateMachineArn: string) => readonly Execution[];
  /** Runs what a former start of this machine left open, from its first state: its history is not kept. */
  readonly resume: () => void;
  /** Ends what runs without writing an end, as when the machine is switched off. */
  readonly close: () => void;
};

export type ExecutionPorts = {
  readonly machines: ReadonlyMap<string, string>;
  readonly open: (current: () => Iterable<Execution>) => Promise<Journal<Execution>>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly report: (problem: string) => void;
  readonly system: Pick<LocalSystem, 'clock' | 'uuid'>;
};

/**
 * Executions of Standard workflows. `machines` holds the definition of each state machine, by its ARN. A name is used once
 * (AWS frees it 90 days after the execution closed; here it stays taken).
 */
export const openExecutions = async ({
  machines,
  open,
  invoke,
  report,
  system,
}: ExecutionPorts): Promise<Executions> => {
  const definitions = new Map(
    [...machines].map(([arn, text]) => {
      const definition = JSON.parse(text) as StatesDefinition;
      const differences = runsDifferently(definition);
      if (differences.length > 0) throw new Error(`${arn}: ${differences.join('; ')}`);
      return [arn, definition];
    }),
  );
  const executions = new Map<string, Execution>();
  const running = new Map<string, RunningDefinition>();
  let isClosing = false;

  const known = (executionArn: string): Execution => {
    const execution = executions.get(executionArn);
    if (execution === undefined) throw new ServiceError('ExecutionDoesNotExist', `There is no ${executionArn}`);
    return execution;
  };
  const definitionOf = (stateMachineArn: string): StatesDefinition => {
    const definition = definitions.get(stateMachineArn);
    if (definition === undefined)
      throw new ServiceError('StateMachineDoesNotExist', `There is no state machine ${stateMachineArn}`);
    return definition;
  };

  const end = async (executionArn: string, how: ExecutionEnd): Promise<Execution> => {
    const execution = known(executionArn);
    if (execution.end) return execution;
    const ended = { ...execution, end: { ...how, at: system.clock() } };
    executions.set(executionArn, ended);
    running.delete(executionArn);
    if (how.status === 'FAILED') report(`${execution.name}: ${how.error}: ${how.cause}`);
    await journal.append(ended);
    return ended;
  };

  const run = (execution: Execution): void => {
    const { executionArn, stateMachineArn, name, input, startedAt } = execution;
    const context = {
      Execution: { Id: executionArn, Name: name, StartTime: new Date(startedAt).toISOString() },
      StateMachine: { Id: stateMachineArn, Name: stateMachineArn.split(':').at(-1) },
    };
    const started = runDefinition(definitionOf(stateMachineArn), JSON.parse(input), context, invoke);
    running.set(executionArn, started);
    started.ended
      .then((how) => (isClosing ? undefined : end(executionArn, how)))
      .catch((error: unknown) => report(`${name}: its end could not be written: ${String(error)}`));
  };

  const journal = await open(() => executions.values());
  for (const execution of journal.entries) executions.set(execution.executionArn, execution);

  return {
    start: async (stateMachineArn, givenName, input) => {
      definitionOf(stateMachineArn);
      const name = givenName ?? system.uuid();
      if (!isExecutionName(name)) throw new ServiceError('InvalidName', `Not a name of an execution: ${name}`);
      const problem = inputProblem(input);
      if (problem !== undefined) throw new ServiceError('InvalidExecutionInput', problem);
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      const earlier = executions.get(executionArn);
      if (earlier !== undefined && earlier.end === undefined && earlier.input === input) return earlier;
      if (earlier !== undefined)
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      const execution = { executionArn, stateMachineArn, name, input, startedAt: system.clock() };
      executions.set(executionArn, execution);
      await journal.append(execution);
      run(execution);
      return execution;
    },
    stop: async (executionArn) => {
      const { executionArn: arn } = known(executionArn);
      const stopped = running.get(arn);
      const ended = await end(arn, { status: 'ABORTED' });
      stopped?.abort();
      return ended;
    },
    describe: known,
    list: (stateMachineArn) => [...executions.values()].filter((one) => one.stateMachineArn === stateMachineArn),
    resume: () => {
      for (const execution of executions.values()) if (!execution.end) run(execution);
    },
    close: () => {
      isClosing = true;
      for (const { abort } of running.values()) abort();
    },
  };
};
