import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { stationItems } from '../../aws/commands/station-items.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { acceptRequest } from '../../use-cases/accept-requests/accept-request.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.consumer);

export const handler = onBusEvent(
  acceptRequest({
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    sender: connectionSender(env.SOCKETS_ENDPOINT),
    stations: stationItems(env.STATIONS_TABLE, db),
    bus: eventBus(env.EVENT_BUS),
    digest: requestDigest,
    system,
    warn: sampledWarning(),
  }),
);
