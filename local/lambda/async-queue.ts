import { type KeptTasks, keptTasks } from '../kept-tasks.ts';
import type { LocalSystem } from '../local-system.ts';
import type { StackContext } from '../stack/local-service.ts';
import type { AsyncSettings } from './event-invoke-config.ts';
import { type FailureRecord, failureKey } from './failure-record.ts';
import { InvocationFailed } from './local-function.ts';

/** An event a function is to be called with later; `queuedAt` is ms since the epoch. */
export type QueuedEvent = { readonly functionArn: string; readonly event: unknown; readonly queuedAt: number };

export type AsyncQueuePorts = Pick<StackContext, 'journal' | 'report' | 'system'> & {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly deliverFailure: (destination: string, failure: FailureRecord) => Promise<void>;
  readonly settingsOf: (functionArn: string) => AsyncSettings;
};

/**
 * The waits before the retries of a function that failed, and of one that could not be invoked ("How Lambda handles errors
 * and retries with asynchronous invocation"): "a one-minute wait between the first two attempts, and two minutes between the
 * second and third attempts"; "the retry interval increases exponentially from 1 second after the first attempt to a maximum
 * of 5 minutes".
 */
const retryWaitMs = (retry: number): number => retry * 60_000;
const throttledWaitMs = (retry: number): number => Math.min(1_000 * 2 ** (retry - 1), 300_000);

/** Lambda's queue of asynchronous invocations: what it took is run, retried, and in the end left at the failure destination. */
export const asyncQueue = (ports: AsyncQueuePorts): Promise<KeptTasks<QueuedEvent>> => {
  const { deliverFailure, invoke, journal, report, settingsOf, system } = ports;

  const run = async ({ functionArn, event, queuedAt }: QueuedEvent, sleep: LocalSystem['sleep']): Promise<void> => {
    const { retries, maximumAgeMs, destination } = settingsOf(functionArn);
    const giveUp = async (error: unknown, condition: FailedInvocation['condition'], invocations: number) => {
      report(`${functionArn} gave up an event after ${invocations} attempts: ${messageOf(error)}`);
      if (destination === undefined) return;
      await deliverFailure(
        destination,
        failureRecord({ functionArn, event, error, condition, invocations }, system.clock(), system.uuid),
      );
    };
    let failed = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await invoke(functionArn, event);
        return;
      } catch (error) {
        // A function that the end of the stack cut short has not failed: the next run takes the event up.
        await sleep(0);
        const isFunctionError = error instanceof InvocationFailed;
        if (isFunctionError) failed += 1;
        if (failed > retries) return await giveUp(error, 'RetriesExhausted', attempt);
        const waitMs = isFunctionError ? retryWaitMs(failed) : throttledWaitMs(attempt);
        if (system.clock() + waitMs - queuedAt > maximumAgeMs) return await giveUp(error, 'EventAgeExceeded', attempt);
        await sleep(waitMs);
      }
    }
  };
  return keptTasks(run, { open: (current) => journal('async-invocations', current), report, system });
};

type FailedInvocation = {
  readonly functionArn: string;
  readonly event: unknown;
  readonly error: unknown;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly invocations: number;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const failureRecord = (
  { functionArn, event, error, condition, invocations }: FailedInvocation,
  at: number,
  uuid: () => string,
): FailureRecord => ({
  objectKey: failureKey(`async/${functionArn.replace(/^.*:function:/, '')}`, at, uuid()),
  record: {
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    requestContext: { requestId: uuid(), functionArn, condition, approximateInvokeCount: invocations },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: {
      errorType: error instanceof InvocationFailed ? error.errorType : 'Error',
      errorMessage: messageOf(error),
      trace: error instanceof Error ? (error.stack ?? '').split('\n') : [],
    },
  },
});
