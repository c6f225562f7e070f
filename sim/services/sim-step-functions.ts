import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidExecutionInput,
  InvalidName,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { inputProblem, isExecutionName } from '../../local/stepfunctions/execution-request.ts';
import type { ExecutionEnd } from '../../local/stepfunctions/run-definition.ts';
import { handles, idFrom, simClient } from './sim-client.ts';
import { metadata, type SimServiceContext } from './sim-service-context.ts';

/** A name is free again so long after its execution closed. */
const NAME_TAKEN_MS = 90 * 24 * 3_600_000;

export type SimExecution = {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  readonly startedAt: number;
  /** How it ended; undefined while it runs. */
  readonly end?: ExecutionEnd & { readonly at: number };
};

/** Step Functions of a simulated account: Standard workflows. What an execution does is up to whoever listens. */
export type SimStepFunctions = {
  readonly client: SFNClient;
  readonly send: SFNClient['send'];
  /** Calls back for each execution that has started: it runs until somebody ends it. */
  readonly onStart: (listener: (execution: SimExecution) => void) => void;
  /** Calls back for each execution that is stopped from outside. */
  readonly onStop: (listener: (executionArn: string) => void) => void;
  /** Ends an execution; one that has ended stays as it is. */
  readonly end: (executionArn: string, how: ExecutionEnd) => void;
  readonly executions: (stateMachineArn: string) => readonly SimExecution[];
};

export const simStepFunctions = (stateMachineArns: readonly string[], context: SimServiceContext): SimStepFunctions => {
  const { now, random } = context;
  const machines = new Set(stateMachineArns);
  const executions = new Map<string, SimExecution>();
  const started: ((execution: SimExecution) => void)[] = [];
  const stopped: ((executionArn: string) => void)[] = [];
  const at = { $metadata: metadata(400) };

  const known = (executionArn = ''): SimExecution => {
    const found = executions.get(executionArn);
    if (found === undefined)
      throw new ExecutionDoesNotExist({ message: `Execution Does Not Exist: '${executionArn}'`, ...at });
    return found;
  };
  const end = (executionArn: string, how: ExecutionEnd): SimExecution => {
    const execution = known(executionArn);
    if (execution.end !== undefined) return execution;
    const ended = { ...execution, end: { ...how, at: now() } };
    executions.set(executionArn, ended);
    return ended;
  };
  const isTaken = (earlier: SimExecution | undefined): earlier is SimExecution =>
    earlier !== undefined && (earlier.end === undefined || now() - earlier.end.at < NAME_TAKEN_MS);

  const summary = ({ executionArn, stateMachineArn, name, startedAt, end: how }: SimExecution) => ({
    executionArn,
    stateMachineArn,
    name,
    startDate: new Date(startedAt),
    status: how?.status ?? 'RUNNING',
    ...(how && { stopDate: new Date(how.at) }),
  });

  const client = simClient(SFNClient, 'states', context, [
    handles(StartExecutionCommand, ({ stateMachineArn = '', name = idFrom(random), input = '{}' }) => {
      if (!machines.has(stateMachineArn))
        throw new StateMachineDoesNotExist({ message: `State Machine Does Not Exist: '${stateMachineArn}'`, ...at });
      if (!isExecutionName(name)) throw new InvalidName({ message: `Invalid Name: '${name}'`, ...at });
      const problem = inputProblem(input);
      if (problem !== undefined)
        throw new InvalidExecutionInput({ message: `Invalid State Machine Execution Input: '${problem}'`, ...at });
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      const earlier = executions.get(executionArn);
      if (isTaken(earlier)) {
        // Started again with the same input while it runs, it is the same execution.
        if (earlier.end === undefined && earlier.input === input)
          return { executionArn, startDate: new Date(earlier.startedAt) };
        throw new ExecutionAlreadyExists({ message: `Execution Already Exists: '${executionArn}'`, ...at });
      }
      const execution = { executionArn, stateMachineArn, name, input, startedAt: now() };
      executions.set(executionArn, execution);
      for (const listener of started) listener(execution);
      return { executionArn, startDate: new Date(execution.startedAt) };
    }),
    handles(StopExecutionCommand, ({ executionArn = '' }) => {
      const isRunning = known(executionArn).end === undefined;
      const { end: how } = end(executionArn, { status: 'ABORTED' });
      if (isRunning) for (const listener of stopped) listener(executionArn);
      return { stopDate: new Date(how?.at ?? now()) };
    }),
    handles(DescribeExecutionCommand, ({ executionArn }) => {
      const execution = known(executionArn);
      const { input, end: how } = execution;
      return {
        ...summary(execution),
        input,
        ...(how?.status === 'SUCCEEDED' && { output: how.output }),
        ...(how?.status === 'FAILED' && { error: how.error, cause: how.cause }),
      };
    }),
    handles(ListExecutionsCommand, ({ stateMachineArn, statusFilter }) => ({
      executions: [...executions.values()]
        .filter((one) => one.stateMachineArn === stateMachineArn)
        .map(summary)
        .filter(({ status }) => (statusFilter ?? status) === status)
        // The latest first.
        .reverse(),
    })),
  ]);

  return {
    client,
    send: client.send,
    onStart: (listener) => void started.push(listener),
    onStop: (listener) => void stopped.push(listener),
    end: (executionArn, how) => void end(executionArn, how),
    executions: (stateMachineArn) => [...executions.values()].filter((one) => one.stateMachineArn === stateMachineArn),
  };
};
