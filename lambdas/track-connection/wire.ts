import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationConnectivity } from '../../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { sockets } from '../../aws/messaging/sockets.ts';
import { onPresence } from '../../runtime/iot.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { onConnect, onDisconnect } from '../../runtime/websocket.ts';
import { wakeMailbox } from '../../use-cases/send-command/wake-mailbox.ts';
import { trackConnection } from '../../use-cases/track-connection/track-connection.ts';
import { Env } from './env.ts';

/** Everything track-connection is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.message, open);
  const warn = sampledWarning();
  const track = trackConnection({
    connectivity: stationConnectivity(env.STATIONS_TABLE, db),
    registry: stationRegistry(env.STATIONS_TABLE, system, db),
    stream: ocppStream(env.OCPP_STREAM, open),
    sockets: sockets(env.SOCKETS_ENDPOINT, open),
    mailbox: wakeMailbox({
      mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
      sender: connectionSender(env.SOCKETS_ENDPOINT, open),
      system,
      warn,
    }),
    warn,
  });

  const connect = onConnect(track.connect);
  const disconnect = onDisconnect(track.disconnect, system.clock);
  const presence = onPresence(track.presence);
  return { connect, disconnect, presence };
};
