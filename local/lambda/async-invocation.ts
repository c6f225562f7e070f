import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { FailedBatch } from '../event-sources/event-source.ts';
import { ignored, type ResourceKind } from '../template/resource-kind.ts';
import { InvocationFailed } from './lambda.ts';

const EventInvokeConfig = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().default(2),
  MaximumEventAgeInSeconds: ignored,
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() }).optional(),
});
export const lambdaEventInvokeConfig: ResourceKind<z.infer<typeof EventInvokeConfig>> = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: EventInvokeConfig,
  physical: (logicalId) => ({ ref: logicalId, attributes: {} }),
};

export type AsyncSettings = { readonly retries: number; readonly destination: string | undefined };

/** What the service does without an EventInvokeConfig. */
export const asyncDefaults: AsyncSettings = { retries: 2, destination: undefined };

/** The service waits one and two minutes between attempts; a person in front of a screen should not. */
const firstRetryMs = 200;

/** One asynchronous invocation: retried, then left at the function's failure destination. */
export const invokeAsync = async (
  functionArn: string,
  event: unknown,
  { retries, destination }: AsyncSettings,
  ports: {
    readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
    readonly deliverFailure: (destination: string, failure: FailedBatch) => Promise<void>;
    readonly report: (problem: string) => void;
    readonly now: () => number;
  },
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ports.invoke(functionArn, event);
      return;
    } catch (error) {
      if (!(error instanceof InvocationFailed)) throw error;
      if (attempt <= retries) {
        await delay(firstRetryMs * 2 ** (attempt - 1), undefined, { ref: false });
        continue;
      }
      ports.report(`${error.functionName} failed ${attempt} times: ${error.message}`);
      if (destination === undefined) return;
      return await ports.deliverFailure(destination, failureOf(error, functionArn, event, attempt, ports.now()));
    }
  }
};

const failureOf = (
  error: InvocationFailed,
  functionArn: string,
  event: unknown,
  attempts: number,
  nowMs: number,
): FailedBatch => {
  const timestamp = new Date(nowMs).toISOString();
  const [date = '', time = ''] = timestamp.slice(0, 19).split('T');
  return {
    key: `aws/lambda/async/${error.functionName}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${randomUUID()}`,
    record: {
      version: '1.0',
      timestamp,
      requestContext: {
        requestId: randomUUID(),
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
    payload: undefined,
  };
};
