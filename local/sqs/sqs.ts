import type { LocalService } from '../stack/local-service.ts';
import { inMemoryQueues } from './queues.ts';
import { sqsQueue } from './sqs-queue.ts';

/** SQS as far as dead letters need it: what is sent is kept, and nothing polls it. */
export const sqs: LocalService = {
  name: 'sqs',
  kinds: [sqsQueue],
  start: async ({ arnOf, deployment }) => {
    const queues = inMemoryQueues(deployment.all(sqsQueue).map(({ logicalId }) => arnOf(logicalId)));
    return { deliver: async (queueArn, { body }) => queues.send(queueArn, JSON.stringify(body)) };
  },
};
