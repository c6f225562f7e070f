import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/accept-site-signals/env.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { BusSubscription } from '../constructs/bus-subscription.ts';
import type { Deployment } from '../deployment.ts';
import { type EventBus, eventSource } from '../stores/event-bus.ts';
import type { SignalStream } from '../stores/signal-stream.ts';

/** Names of all signals, as `use-cases/accept-site-signals/signal-contracts.ts` has them. */
export const signalNames = [
  'SiteDemandMeasured',
  'PricesPublished',
  'SiteLimitSet',
  'BidSet',
  'PrioritySet',
  'DepartureSet',
  'OptOutSet',
];

export type AcceptSiteSignalsProps = {
  readonly deployment: Deployment;
  readonly events: EventBus;
  readonly signals: SignalStream;
};

/** Signals that other systems put on the bus. Meters speak over MQTT instead, which costs a tenth. */
export const acceptSiteSignals = (scope: Construct, id: string, props: AcceptSiteSignalsProps): void => {
  const { deployment, events, signals } = props;
  const accepting = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'accept-site-signals',
    environment: { SIGNAL_STREAM: signals.stream.streamName, EVENT_BUS: events.bus.eventBusName },
  });
  signals.writableBy(accepting);
  events.writableBy(accepting);
  new BusSubscription(accepting, 'Signals', {
    deployment,
    bus: events.bus,
    pattern: { detailType: signalNames },
    from: [{ 'anything-but': [eventSource] }],
    called: accepting,
  });
};
