import type { LocalService } from '../stack/local-service.ts';
import { openQueues } from './queues.ts';
import { sqsQueue } from './sqs-queue.ts';

/** SQS as far as dead letters need it: what is sent is kept, and nothing polls it. */
export const sqs: LocalService = {
  name: 'sqs',
  kinds: [sqsQueue],
  start: async ({ arnOf, deployment, journal, system }) => {
    const arns = deployment.all(sqsQueue).map(({ logicalId }) => arnOf(logicalId));
    const queues = await openQueues(arns, (current) => journal('queues', current), system.uuid);
    return { deliver: (queueArn, { body }) => queues.send(queueArn, JSON.stringify(body)) };
  },
};
