import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { eventBuses } from './event-buses.ts';
import { eventBus, eventRule } from './event-rule.ts';
import { targetDeliveries } from './target-delivery.ts';

/** EventBridge: buses and rules, with targets in any service that takes deliveries. */
export const eventbridge: LocalService = {
  name: 'events',
  kinds: [eventBus, eventRule],
  start: async (context) => {
    const { account, deployment, onStop, open, refOf, system } = context;
    const deliveries = await targetDeliveries('rule-deliveries', context);
    const buses = eventBuses(
      deployment.all(eventBus).map(({ logicalId }) => refOf(logicalId)),
      deployment.all(eventRule),
      { deliver: deliveries.add, account, system },
    );
    return {
      environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: urlAt(await open(buses.server)) },
      onEvent: buses.onEvent,
      replay: (busName, event, replayName) => buses.put(busName, { ...event, 'replay-name': replayName }),
      begin: async () => {
        onStop(deliveries.stop);
        deliveries.resume();
      },
    };
  },
};
