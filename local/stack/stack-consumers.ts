import { tableStreamReader } from '../dynamodb/table-stream.ts';
import { eventSourceMapping, startEventSource } from '../event-sources/event-source.ts';
import { schedule, startSchedules } from '../eventbridge/schedule.ts';
import { kinesisReader } from '../kinesis/kinesis.ts';
import type { StackContext } from './stack-context.ts';
import type { Lambdas } from './stack-lambdas.ts';
import type { Stores } from './stack-stores.ts';

/** Starts what calls Lambdas by itself: stream event sources and schedules. Returns how long the latest batch had waited, ms. */
export const startConsumers = async (
  context: StackContext,
  stores: Stores,
  lambdas: Lambdas,
): Promise<() => number> => {
  const { deployment, account, report, now } = context;
  const { invoke, deliverFailure } = lambdas;
  let lagMs = 0;
  // Of Kinesis alone: DynamoDB Local stamps its stream records with the minute they were written in.
  const handedOver = (oldestArrivedAt: number) => {
    lagMs = Math.max(0, now() - oldestArrivedAt);
  };
  const pollers = await Promise.all(
    deployment.all(eventSourceMapping).map(async (mapping) => {
      const source = mapping.properties.EventSourceArn;
      const ports = { invoke, deliverFailure, report, now, handedOver: () => undefined };
      if (source.includes(':dynamodb:'))
        return startEventSource(mapping, await tableStreamReader(stores.dynamodb, source, account), ports);
      if (!source.includes(':kinesis:'))
        throw new Error(`${mapping.logicalId}: event source ${source} is not supported by the local runtime`);
      const poller = startEventSource(mapping, kinesisReader(stores.kinesis.call, source, account), {
        ...ports,
        handedOver,
      });
      stores.kinesis.onPut(poller.wake);
      return poller;
    }),
  );
  context.onStop(async () => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  });
  const schedules = startSchedules(deployment.all(schedule), { invoke, deadLetter: stores.queues.send, report, now });
  context.onStop(schedules.stop);
  return () => lagMs;
};
