import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SampledWarning } from '../use-cases/ports/sampled-warning.ts';
import { lambda } from './lambda.ts';

export type QueueConsumer = {
  /** Handles one message. Any error has it delivered again. */
  readonly handle: (body: string) => Promise<void>;
  readonly warn: SampledWarning;
};

/** A Lambda on a queue: messages of a batch side by side, the failed ones alone come again. */
export const onQueue = ({ handle, warn }: QueueConsumer) =>
  lambda('queue', async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.allSettled(Records.map(({ body }) => handle(body)));
    const failed = Records.filter((_, index) => outcomes[index]?.status === 'rejected');
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') warn('failed', { error: String(outcome.reason) });
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
