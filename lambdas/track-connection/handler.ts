import { ocppStream } from '../../aws/ocpp-stream.ts';
import { sockets } from '../../aws/sockets.ts';
import { stationConnectivity } from '../../aws/station-connectivity.ts';
import { stationRegistry } from '../../aws/station-registry.ts';
import { onPresence } from '../../runtime/iot.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { onConnect, onDisconnect } from '../../runtime/websocket.ts';
import { Env } from './env.ts';
import { trackConnection } from './track-connection.ts';

const env = Env.parse(process.env);
const track = trackConnection({
  connectivity: stationConnectivity(env.STATIONS_TABLE),
  registry: stationRegistry(env.STATIONS_TABLE),
  stream: ocppStream(env.OCPP_STREAM),
  sockets: sockets(env.SOCKETS_ENDPOINT),
  warn: sampledWarning(),
});

export const connect = onConnect(track.connect);
export const disconnect = onDisconnect(track.disconnect);
export const presence = onPresence(track.presence);
