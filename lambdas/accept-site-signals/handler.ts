import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import { system } from '../../runtime/system.ts';
import { acceptBusSignal } from '../../use-cases/accept-site-signals/accept-bus-signal.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);

export const handler = onBusEvent(
  acceptBusSignal({
    stream: siteStream(env.SIGNAL_STREAM, system, callPolicies.consumer),
    bus: eventBus(env.EVENT_BUS),
    clock: system.clock,
    digest: requestDigest,
  }),
);
