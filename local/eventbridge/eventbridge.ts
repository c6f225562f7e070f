import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { eventBuses } from './event-buses.ts';
import { eventBus, eventRule } from './event-rule.ts';

/** EventBridge: buses and rules, with targets in any service that takes deliveries. */
export const eventbridge: LocalService = {
  name: 'events',
  kinds: [eventBus, eventRule],
  start: async ({ account, system, deployment, open, reach, refOf, report }) => {
    const buses = eventBuses(
      deployment.all(eventBus).map(({ logicalId }) => refOf(logicalId)),
      deployment.all(eventRule),
      {
        deliver: (targetArn, body, partitionKey) => reach(targetArn, 'deliver')(targetArn, { body, partitionKey }),
        deadLetter: (queueArn, event) => reach(queueArn, 'deliver')(queueArn, { body: event }),
        report,
        account,
        system,
      },
    );
    return {
      environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: urlAt(await open(buses.server)) },
      onEvent: buses.onEvent,
    };
  },
};
