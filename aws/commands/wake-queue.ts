import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../async/chunks-of.ts';
import type { System } from '../../async/system.ts';
import type { WakeQueue, WakeUp } from '../../use-cases/ports/commands/wake-queue.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

const PER_REQUEST = 10;
const LONGEST_DELAY_S = 900;

/** The queue's URL names the queue; where requests go is the SDK's own affair, as for every other service. */
const endpointOfSdk = { useQueueUrlAsEndpoint: false };

/** The queue did not take some wake-ups: their records are to be retried. */
export class WakeUpsNotQueued extends Error {
  override readonly name = 'WakeUpsNotQueued';
}

/** The queue in SQS: each message is delayed until it is due. */
export const wakeQueue = (
  queueUrl: string,
  { clock }: Pick<System, 'clock'>,
  client: Pick<SQSClient, 'send'> = new SQSClient({ ...clientConfig(callPolicies.consumer), ...endpointOfSdk }),
): WakeQueue => ({
  schedule: async (wakeUps) => {
    for (const chunk of chunksOf(wakeUps, PER_REQUEST)) {
      const now = clock();
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: chunk.map(({ stationId, dueAt }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify({ stationId, dueAt }),
            DelaySeconds: Math.min(LONGEST_DELAY_S, Math.max(0, Math.ceil((dueAt - now) / 1_000))),
          })),
        }),
      );
      if (Failed.length > 0) throw new WakeUpsNotQueued(`${Failed.length} wake-ups are not queued: ${Failed[0]?.Code}`);
    }
  },
});

/** Reads a message of the queue. Throws for one that nobody of us wrote. */
export const wakeUpOf = (body: string): WakeUp => {
  const { stationId, dueAt } = JSON.parse(body);
  if (typeof stationId !== 'string' || typeof dueAt !== 'number') throw new Error(`No wake-up: ${body}`);
  return { stationId, dueAt };
};
