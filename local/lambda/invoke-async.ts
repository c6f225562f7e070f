import type { LocalSystem } from '../system.ts';
import type { AsyncSettings } from './event-invoke-config.ts';
import { type FailureRecord, failureKey } from './failure-record.ts';
import { InvocationFailed } from './local-function.ts';

export type AsyncPorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly deliverFailure: (destination: string, failure: FailureRecord) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
};

/** The service waits one and two minutes between attempts; a person in front of a screen should not. */
const firstRetryMs = 200;

/** One asynchronous invocation: retried, then left at the function's failure destination. */
export const invokeAsync = async (
  functionArn: string,
  event: unknown,
  { retries, destination }: AsyncSettings,
  { invoke, deliverFailure, report, system }: AsyncPorts,
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await invoke(functionArn, event);
      return;
    } catch (error) {
      if (!(error instanceof InvocationFailed)) throw error;
      if (attempt <= retries) {
        await system.sleep(firstRetryMs * 2 ** (attempt - 1));
        continue;
      }
      report(`${error.functionName} failed ${attempt} times: ${error.message}`);
      if (destination === undefined) return;
      return await deliverFailure(destination, failureOf(error, functionArn, event, attempt, system));
    }
  }
};

const failureOf = (
  error: InvocationFailed,
  functionArn: string,
  event: unknown,
  attempts: number,
  system: LocalSystem,
): FailureRecord => {
  const at = system.clock();
  return {
    objectKey: failureKey(`async/${error.functionName}`, at, system.uuid()),
    record: {
      version: '1.0',
      timestamp: new Date(at).toISOString(),
      requestContext: {
        requestId: system.uuid(),
        functionArn,
        condition: 'RetriesExhausted',
        approximateInvokeCount: attempts,
      },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: {
        errorType: error.errorType,
        errorMessage: error.message,
        trace: (error.stack ?? '').split('\n'),
      },
    },
  };
};
