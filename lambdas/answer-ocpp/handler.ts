import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { activeTags } from '../../aws/dynamodb/active-tags.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationConnectivity } from '../../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { mqttOut } from '../../aws/messaging/mqtt-out.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { onMqttMessage } from '../../runtime/iot.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { onMessage } from '../../runtime/websocket.ts';
import { answerMqtt } from '../../use-cases/answer-ocpp/answer-mqtt.ts';
import { answerOcpp } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import { noteSeen } from '../../use-cases/answer-ocpp/note-seen.ts';
import { settleReply } from '../../use-cases/send-command/settle-reply.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.message);
const warn = sampledWarning();
const answer = answerOcpp({
  tagList: tagList(env.TAGS_TABLE, db),
  activeTags: activeTags(env.CONNECTORS_TABLE, db),
  unknownTags: env.UNKNOWN_TAGS,
  stream: ocppStream(env.OCPP_STREAM),
  noteSeen: noteSeen(stationConnectivity(env.STATIONS_TABLE, db), warn, system.sleep),
  sleep: system.sleep,
  settle: settleReply({
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    sender: connectionSender(env.SOCKETS_ENDPOINT),
    system,
    warn,
  }),
  heartbeatIntervalSec: env.HEARTBEAT_INTERVAL_SEC,
  warn,
});

export const websocket = onMessage(
  (frame, { stationId, ocpp, admission, connectionId, connectedAt }, receivedAt) =>
    answer({
      frame,
      stationId,
      ocpp,
      admission,
      transport: 'websocket',
      connectionId,
      receivedAt,
      seenAt: connectedAt,
    }),
  system.clock,
);
export const mqtt = onMqttMessage(
  answerMqtt({
    answer,
    registry: stationRegistry(env.STATIONS_TABLE, system, db),
    out: mqttOut(),
    sleep: system.sleep,
    warn,
  }),
  system.clock,
);
