import { type EventBuses, eventBus, eventBuses, eventRule } from '../eventbridge/event-bus.ts';
import { streamInArn } from '../kinesis/kinesis.ts';
import type { Notification } from '../messaging/topics.ts';
import { refIn, type StackContext } from './stack-context.ts';
import type { Lambdas } from './stack-lambdas.ts';
import type { Stores } from './stack-stores.ts';

/** The event buses with their rules, targets found by the service in their ARN. */
export const stackEvents = (
  context: StackContext,
  stores: Stores,
  lambdas: Pick<Lambdas, 'invokeLater'>,
  notified: (notification: Notification) => void,
): EventBuses => {
  const { deployment, account, report, now } = context;
  return eventBuses(
    deployment.all(eventBus).map(({ logicalId }) => refIn(context, logicalId)),
    deployment.all(eventRule),
    {
      deliver: async (target, input, partitionKey) => {
        const text = JSON.stringify(input);
        switch (target.split(':')[2]) {
          case 'lambda':
            return lambdas.invokeLater(target, input);
          case 'sqs':
            return stores.queues.send(target, text);
          case 'sns':
            return notified({ topicArn: target, subject: undefined, message: text });
          case 'kinesis':
            await stores.kinesis.call('Kinesis_20131202.PutRecord', {
              StreamName: streamInArn(target),
              PartitionKey: partitionKey ?? 'none',
              Data: Buffer.from(text).toString('base64'),
            });
            return;
          default:
            throw new Error(`Event target ${target} is not supported by the local runtime`);
        }
      },
      deadLetter: async (queueArn, event) => stores.queues.send(queueArn, JSON.stringify(event)),
      report,
      account,
      now,
    },
  );
};
