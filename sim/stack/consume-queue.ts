import type { LocalSystem } from '../../local/local-system.ts';
import type { ConsumeMessages } from '../../local/sqs/queues.ts';
import type { SimSqs } from '../services/sim-sqs.ts';

/** Lambda asks for messages again at once while there are some; when there were none, this soon after one may be there, ms. */
const SOON_MS = 20;

/**
 * Hands the messages of a queue to a function as they can be received, a batch at a time and several batches side by side, as
 * Lambda does. What the function did not handle is left in the queue and received again.
 */
export const consumeQueue = (
  sqs: SimSqs,
  { queueArn, batchSize, consume }: { queueArn: string; batchSize: number; consume: ConsumeMessages },
  system: LocalSystem,
): void => {
  let cancel = (): void => {};
  const plan = (): void => {
    cancel();
    const nextAt = sqs.nextAt(queueArn);
    if (nextAt !== undefined) cancel = system.after(Math.max(SOON_MS, nextAt - system.clock()), receive);
  };
  const run = async (): Promise<void> => {
    const messages = sqs.receive(queueArn, batchSize);
    if (messages.length === 0) return;
    const failed = await consume(messages).catch(() => messages.map(({ messageId }) => messageId));
    for (const { messageId, receiptHandle } of messages)
      if (!failed.includes(messageId)) sqs.remove(queueArn, receiptHandle);
    plan();
  };
  const receive = (): void => {
    void run();
    plan();
  };
  sqs.onPut(queueArn, plan);
};
