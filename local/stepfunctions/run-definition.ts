import { ExecutionAbortedError, ExecutionTimeoutError, StateMachine } from 'aws-local-stepfunctions';
import { InvocationFailed } from '../lambda/local-function.ts';
import { allStates, type StateDefinition, type StatesDefinition } from './state-machine.ts';

/** A failure as a state machine sees it: retriers and catchers look at `name`, `message` becomes the cause. */
class TaskFailed extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, { isFinal = false } = {}) {
    super(cause);
    this.name = name;
    this.isRetryable = !isFinal;
    this.isCatchable = !isFinal;
  }
}

/** What a state may be given and may give back, UTF-8 (AWS Step Functions quotas). */
const LARGEST_PAYLOAD_BYTES = 262_144;
/** Events an execution may have before AWS fails it (AWS Step Functions quotas). */
const MOST_EVENTS = 25_000;

const asTaskFailure = (error: unknown): Error => {
  if (!(error instanceof InvocationFailed)) return error instanceof Error ? error : new Error(String(error));
  const { errorType, message, stack } = error;
  const trace = (stack ?? '').split('\n').slice(1);
  return new TaskFailed(errorType, JSON.stringify({ errorMessage: message, errorType, trace }));
};

const withinLimit = <Value>(value: Value, what: string): Value => {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes <= LARGEST_PAYLOAD_BYTES) return value;
  // Neither States.ALL nor a retrier catches it.
  throw new TaskFailed('States.DataLimitExceeded', `The ${what} has ${bytes} bytes`, { isFinal: true });
};

/** Definitions that were found to be right: the emulator's check compiles a schema each time. */
const checked = new WeakSet<StatesDefinition>();

type Invoke = (functionArn: string, event: unknown) => Promise<unknown>;

const INVOKE = 'arn:aws:states:::lambda:invoke';

/** Runs one task: a Lambda function by its ARN, or through the service integration with its parameters. */
const runTask = async (name: string, { Resource }: StateDefinition, input: unknown, invoke: Invoke) => {
  withinLimit(input, `input of ${name}`);
  if (Resource?.startsWith('arn:aws:lambda:')) return invoke(Resource, input);
  if (Resource !== INVOKE) throw new TaskFailed('States.Runtime', `${Resource} is not emulated`, { isFinal: true });
  const { FunctionName, Payload } = input as { readonly FunctionName: string; readonly Payload: unknown };
  return { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: await invoke(FunctionName, Payload) };
};

/** History events AWS writes for one step, by the emulator's events; a task has Scheduled, Started and its end besides. */
const eventsOf = (type: string, stateType: string | undefined): number => {
  if (type === 'StateExited') return stateType === 'Task' ? 4 : stateType === 'Map' ? 3 : 1;
  return type === 'StateRetried' ? 3 : 1;
};

export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED'; readonly error: string; readonly cause: string }
  | { readonly status: 'TIMED_OUT' }
  | { readonly status: 'ABORTED' };

export type RunningDefinition = {
  /** Resolves with how it ended; never rejects. */
  readonly ended: Promise<ExecutionEnd>;
  readonly abort: () => void;
};

/**
 * Runs a definition of the Amazon States Language (JSONPath) once, with the limits of a Standard workflow: 256 KiB for what
 * a state is given or gives back, 25,000 events of history.
 */
export const runDefinition = (
  definition: StatesDefinition,
  input: unknown,
  context: object,
  invoke: Invoke,
): RunningDefinition => {
  let isAborted = false;
  let isTooLong = false;
  const handlers = allStates(definition)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name, state]) => {
      const handle = async (taskInput: unknown) => {
        // The emulator waits for a retry's turn and runs it although the execution was stopped meanwhile.
        if (isAborted) throw new TaskFailed('States.Runtime', 'The execution was stopped', { isFinal: true });
        try {
          return withinLimit(await runTask(name, state, taskInput, invoke), `output of ${name}`);
        } catch (error) {
          throw asTaskFailure(error);
        }
      };
      return [name, handle] as const;
    });
  const machine = new StateMachine(definition as never, {
    validationOptions: { checkArn: false, noValidate: checked.has(definition) },
  });
  checked.add(definition);
  const { result, abort, eventLogs } = machine.run(input as never, {
    context: context as never,
    overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) as never },
  });
  const stop = () => {
    isAborted = true;
    abort();
  };
  const countEvents = async () => {
    let events = 0;
    for await (const event of eventLogs) {
      events += eventsOf(event.type, 'state' in event ? event.state.type : undefined);
      if (events <= MOST_EVENTS) continue;
      isTooLong = true;
      return stop();
    }
  };
  const failed = (error: unknown): ExecutionEnd => {
    if (isTooLong)
      return { status: 'FAILED', error: 'States.Runtime', cause: `The execution has more than ${MOST_EVENTS} events` };
    if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
    if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (!(cause instanceof Error)) return { status: 'FAILED', error: 'States.Runtime', cause: String(cause) };
    return { status: 'FAILED', error: cause.name, cause: cause.message };
  };
  const counted = countEvents();
  const ended = result
    .then((output): ExecutionEnd => ({ status: 'SUCCEEDED', output: JSON.stringify(output) }), failed)
    .then(async (end) => {
      await counted;
      return isTooLong ? failed(undefined) : end;
    });
  return { ended, abort: stop };
};
