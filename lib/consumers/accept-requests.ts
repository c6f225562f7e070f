import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/accept-requests/env.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { BusSubscription } from '../constructs/bus-subscription.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import { type EventBus, eventSource } from '../stores/event-bus.ts';
import type { Tables } from '../stores/tables.ts';
import type { WakeQueue } from '../stores/wake-queue.ts';

export type AcceptRequestsProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly gateway: StationGateway;
  readonly wakeUps: WakeQueue;
};

/** Commands that other systems ask for over the bus: whoever may put events there may ask, as an operator. */
export const acceptRequests = (scope: Construct, id: string, props: AcceptRequestsProps): void => {
  const { deployment, tables, events, gateway, wakeUps } = props;
  const accepting = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'accept-requests',
    environment: {
      COMMANDS_TABLE: tables.nameOf('commands'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
      EVENT_BUS: events.bus.eventBusName,
      WAKE_QUEUE: wakeUps.queue.queueUrl,
    },
  });
  tables.mailboxesSteppedBy(accepting);
  gateway.sendableBy(accepting);
  events.writableBy(accepting);
  wakeUps.writableBy(accepting);
  new BusSubscription(accepting, 'Requests', {
    deployment,
    bus: events.bus,
    pattern: { detailType: ['CommandRequested'] },
    from: [{ 'anything-but': [eventSource] }],
    called: accepting,
  });
};
