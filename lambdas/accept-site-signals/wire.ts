import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { acceptBusSignal } from '../../use-cases/accept-site-signals/accept-bus-signal.ts';
import { Env } from './env.ts';

/** Everything accept-site-signals is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);

  return {
    handler: onBusEvent(
      acceptBusSignal({
        stream: siteStream(env.SIGNAL_STREAM, system, open, callPolicies.consumer),
        bus: eventBus(env.EVENT_BUS, open),
        clock: system.clock,
        digest: requestDigest,
      }),
    ),
  };
};
