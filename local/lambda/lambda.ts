import type { LocalService } from '../stack/local-service.ts';
import { asyncDefaults, lambdaEventInvokeConfig } from './event-invoke-config.ts';
import { startEventSource } from './event-sources/event-source.ts';
import { eventSourceMapping } from './event-sources/event-source-mapping.ts';
import { type FailureRecord, failureDelivery } from './failure-record.ts';
import { invokeAsync } from './invoke-async.ts';
import { lambdaFunction } from './lambda-function.ts';
import { localFunctions } from './local-functions.ts';

const nameIn = (functionArn: string): string => functionArn.replace(/^.*:function:/, '');

/** Lambda: functions in worker threads, called directly, asynchronously with retries, or by streams. */
export const lambda: LocalService = {
  name: 'lambda',
  kinds: [lambdaFunction, lambdaEventInvokeConfig, eventSourceMapping],
  start: async (context) => {
    const { system, deployment, onStop, reach, report } = context;
    const functions = localFunctions(deployment.all(lambdaFunction), context);
    const mappings = deployment.all(eventSourceMapping);
    const settings = new Map(
      deployment.all(lambdaEventInvokeConfig).map(({ properties }) => [
        nameIn(properties.FunctionName),
        {
          retries: properties.MaximumRetryAttempts,
          destination: properties.DestinationConfig?.OnFailure?.Destination,
        },
      ]),
    );
    const invoke = (functionArn: string, event: unknown) => functions.invoke(nameIn(functionArn), event);
    const deliverFailure = (destination: string, failure: FailureRecord) =>
      reach(destination, 'deliver')(destination, failureDelivery(destination, failure));
    let lagMs = 0;

    const startEventSources = async () => {
      const pollers = await Promise.all(
        mappings.map(async (mapping) => {
          const stream = mapping.properties.EventSourceArn;
          const reader = await reach(stream, 'readStream')(stream);
          return startEventSource(mapping, reader, {
            invoke,
            deliverFailure,
            report,
            system,
            handedOver: (oldestArrivedAt) => {
              // DynamoDB Local stamps its stream records with the minute they were written in.
              if (reader.batchInfo === 'KinesisBatchInfo') lagMs = Math.max(0, system.clock() - oldestArrivedAt);
            },
          });
        }),
      );
      onStop(async () => {
        await Promise.all(pollers.map((poller) => poller.stop()));
      });
    };

    return {
      invoke,
      deliver: async (functionArn, { body }) => {
        const name = nameIn(functionArn);
        invokeAsync(functionArn, body, settings.get(name) ?? asyncDefaults, {
          invoke,
          deliverFailure,
          report,
          system,
        }).catch((error: unknown) => report(`${name}: ${error instanceof Error ? error.message : String(error)}`));
      },
      counts: () => ({ lagMs }),
      begin: async () => {
        onStop(functions.stop);
        await functions.load();
        await startEventSources();
      },
    };
  },
};
