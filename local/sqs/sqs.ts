import { ServiceError, urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { openQueues } from './queues.ts';
import { sqsEndpoint } from './sqs-endpoint.ts';
import { sqsQueue } from './sqs-queue.ts';

/** SQS: delayed messages for a function that consumes them, and dead letters, which nothing polls. */
export const sqs: LocalService = {
  name: 'sqs',
  kinds: [sqsQueue],
  start: async ({ arnOf, deployment, journal, onStop, open, refOf, report, system }) => {
    const resources = deployment.all(sqsQueue);
    const settings = resources.map(({ logicalId, properties }) => ({
      arn: arnOf(logicalId),
      visibilityTimeoutMs: properties.VisibilityTimeout * 1_000,
    }));
    const queues = await openQueues(settings, (current) => journal('queues', current), system, report);
    const arns = new Map(resources.map(({ logicalId }) => [refOf(logicalId), arnOf(logicalId)]));
    const port = await open(
      sqsEndpoint(queues, (url) => {
        const arn = arns.get(url);
        if (arn === undefined) throw new ServiceError('QueueDoesNotExist', `There is no queue ${url}`);
        return arn;
      }),
    );
    onStop(queues.stop);
    return {
      deliver: async (queueArn, { body }) => {
        await queues.send(queueArn, JSON.stringify(body));
      },
      consumeQueue: queues.consume,
      environment: { AWS_ENDPOINT_URL_SQS: urlAt(port) },
    };
  },
};
