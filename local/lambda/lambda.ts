import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { asyncQueue } from './async-queue.ts';
import { asyncDefaults, asyncSettings, eventInvokeConfig } from './event-invoke-config.ts';
import { openCheckpoints } from './event-sources/checkpoints.ts';
import { eventSourceMapping } from './event-sources/event-source-mapping.ts';
import type { Poller } from './event-sources/poll-shards.ts';
import { pollingOf } from './event-sources/polling.ts';
import { isOfQueue, queueSource } from './event-sources/queue-source.ts';
import { startEventSource } from './event-sources/start-event-source.ts';
import { type FailureRecord, failureDelivery } from './failure-record.ts';
import { functionUrl, functionUrlServer, urlOf } from './function-url.ts';
import { lambdaFunction } from './lambda-function.ts';
import { localFunctions } from './local-functions.ts';

const nameIn = (functionArn: string): string => functionArn.replace(/^.*:function:/, '');

/** Lambda: functions in worker threads, called directly, asynchronously with retries, by streams, or over their URLs. */
export const lambda: LocalService = {
  name: 'lambda',
  kinds: [lambdaFunction, eventInvokeConfig, eventSourceMapping, functionUrl],
  start: async (context) => {
    const { deployment, journal, onStop, polling, handedOver, reach, report, system } = context;
    const functions = localFunctions(deployment.all(lambdaFunction), context);
    const mappings = deployment.all(eventSourceMapping).filter(({ properties }) => properties.Enabled);
    const settings = new Map(
      deployment
        .all(eventInvokeConfig)
        .map(({ properties }) => [nameIn(properties.FunctionName), asyncSettings(properties)]),
    );
    const invoke = (functionArn: string, event: unknown) => functions.invoke(nameIn(functionArn), event);
    const deliverFailure = (destination: string, failure: FailureRecord) =>
      reach(destination, 'deliver')(destination, failureDelivery(destination, failure));
    const queue = await asyncQueue({
      ...context,
      invoke,
      deliverFailure,
      settingsOf: (functionArn) => settings.get(nameIn(functionArn)) ?? asyncDefaults,
    });
    const checkpoints = await openCheckpoints((current) => journal('checkpoints', current), report);
    const sources = new Map<string, Poller>();
    let lagMs = 0;

    const startEventSources = async () => {
      const [ofQueues, ofStreams] = [mappings.filter(isOfQueue), mappings.filter((mapping) => !isOfQueue(mapping))];
      for (const { properties } of ofQueues) {
        const { EventSourceArn: queueArn, BatchSize } = properties;
        const consume = queueSource(properties, invoke);
        reach(queueArn, 'consumeQueue')(queueArn, BatchSize, consume);
      }
      await Promise.all(
        ofStreams.map(async (mapping) => {
          const stream = mapping.properties.EventSourceArn;
          const reader = await reach(stream, 'readStream')(stream);
          const poller = startEventSource(mapping, reader, {
            invoke,
            deliverFailure,
            report,
            system,
            checkpoints: checkpoints(mapping.logicalId),
            polling: pollingOf(polling, stream),
            handedOver: (oldestArrivedAt) => {
              handedOver(nameIn(mapping.properties.FunctionName), oldestArrivedAt);
              // DynamoDB Local stamps its stream records with the minute they were written in.
              if (reader.batchInfo === 'KinesisBatchInfo') lagMs = Math.max(0, system.clock() - oldestArrivedAt);
            },
          });
          sources.set(mapping.logicalId, poller);
        }),
      );
      onStop(async () => {
        await Promise.all([...sources.values()].map((poller) => poller.stop()));
      });
    };

    const addresses = await Promise.all(
      deployment.all(functionUrl).map(async ({ logicalId, properties }) => {
        const server = functionUrlServer((event) => invoke(properties.TargetFunctionArn, event));
        return [urlOf(logicalId), `${urlAt(await context.open(server))}/`] as const;
      }),
    );

    return {
      addresses,
      invoke,
      crash: functions.crash,
      deliver: (functionArn, { body }) => queue.add({ functionArn, event: body, queuedAt: system.clock() }),
      counts: () => ({
        lagMs,
        sources: Object.fromEntries([...sources].map(([id, poller]) => [id, poller.state()])),
      }),
      begin: async () => {
        onStop(functions.stop);
        await functions.load();
        onStop(queue.stop);
        queue.resume();
        await startEventSources();
      },
    };
  },
};
