import { activeTags } from '../../aws/active-tags.ts';
import { mqttOut } from '../../aws/mqtt-out.ts';
import { ocppStream } from '../../aws/ocpp-stream.ts';
import { stationConnectivity } from '../../aws/station-connectivity.ts';
import { stationRegistry } from '../../aws/station-registry.ts';
import { tagList } from '../../aws/tag-list.ts';
import { onMqttMessage } from '../../runtime/iot.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { onMessage } from '../../runtime/websocket.ts';
import { answerMqtt } from './answer-mqtt.ts';
import { answerOcpp } from './answer-ocpp.ts';
import { Env } from './env.ts';
import { noteSeen } from './note-seen.ts';

const env = Env.parse(process.env);
const warn = sampledWarning();
const answer = answerOcpp({
  tagList: tagList(env.TAGS_TABLE),
  activeTags: activeTags(env.CONNECTORS_TABLE),
  unknownTags: env.UNKNOWN_TAGS,
  stream: ocppStream(env.OCPP_STREAM),
  noteSeen: noteSeen(stationConnectivity(env.STATIONS_TABLE), warn),
  heartbeatIntervalSec: env.HEARTBEAT_INTERVAL_SEC,
  warn,
});

export const websocket = onMessage((frame, { stationId, ocpp, admission, connectionId, connectedAt }, receivedAt) =>
  answer({ frame, stationId, ocpp, admission, transport: 'websocket', connectionId, receivedAt, seenAt: connectedAt }),
);
export const mqtt = onMqttMessage(
  answerMqtt({ answer, registry: stationRegistry(env.STATIONS_TABLE), out: mqttOut(), warn }),
);
