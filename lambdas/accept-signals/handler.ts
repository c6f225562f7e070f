import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { workflows } from '../../aws/demand-response/workflows.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { onMqttPayload } from '../../runtime/iot.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import { system } from '../../runtime/system.ts';
import { acceptSignal } from '../../use-cases/respond-to-demand/accept-signal.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.consumer);

const accept = acceptSignal({
  signals: signalStore(env.GRID_TABLE, db),
  workflows: workflows(env.STATE_MACHINE),
  bus: eventBus(env.EVENT_BUS),
  digest: requestDigest,
  system,
});

export const handler = onBusEvent(({ source, account, detail }) => accept(detail, `bus: ${account}/${source}`));

/** Requests over MQTT, on topic grid/demand-response. */
export const mqtt = onMqttPayload(({ payload, clientId }) => accept(payload, `mqtt: ${clientId}`));
