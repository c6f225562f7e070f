import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { workflows } from '../../aws/demand-response/workflows.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { onMqttPayload } from '../../runtime/iot.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { acceptSignal } from '../../use-cases/respond-to-demand/accept-signal.ts';
import { Env } from './env.ts';

/** Everything accept-signals is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);

  const accept = acceptSignal({
    signals: signalStore(env.GRID_TABLE, db),
    workflows: workflows(env.STATE_MACHINE, open),
    bus: eventBus(env.EVENT_BUS, open),
    digest: requestDigest,
    system,
  });

  const handler = onBusEvent(({ source, account, detail }) => accept(detail, `bus: ${account}/${source}`));

  /** Requests over MQTT, on topic grid/demand-response. */
  const mqtt = onMqttPayload(({ payload, clientId }) => accept(payload, `mqtt: ${clientId}`));
  return { handler, mqtt };
};
