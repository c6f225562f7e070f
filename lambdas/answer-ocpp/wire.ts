import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { heldEnvelopes } from '../../aws/commands/held-envelopes.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { activeTags } from '../../aws/dynamodb/active-tags.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationConnectivity } from '../../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { mqttOut } from '../../aws/messaging/mqtt-out.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { onMqttMessage } from '../../runtime/iot.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { onMessage } from '../../runtime/websocket.ts';
import { answerMqtt } from '../../use-cases/answer-ocpp/answer-mqtt.ts';
import { answerOcpp } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import { noteSeen } from '../../use-cases/answer-ocpp/note-seen.ts';
import { settleReply } from '../../use-cases/send-command/settle-reply.ts';
import { Env } from './env.ts';

/** Everything answer-ocpp is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.message, open);
  const warn = sampledWarning();
  const stream = ocppStream(env.OCPP_STREAM, open);
  const connectivity = stationConnectivity(env.STATIONS_TABLE, db);
  const answer = answerOcpp({
    tagList: tagList(env.TAGS_TABLE, db),
    activeTags: activeTags(env.CONNECTORS_TABLE, db),
    unknownTags: env.UNKNOWN_TAGS,
    stream,
    held: heldEnvelopes(env.COMMANDS_TABLE, db),
    noteSeen: noteSeen(connectivity, warn, system.sleep),
    sleep: system.sleep,
    settle: settleReply({
      mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
      sender: connectionSender(env.SOCKETS_ENDPOINT, open),
      system,
      warn,
    }),
    heartbeatIntervalSec: env.HEARTBEAT_INTERVAL_SEC,
    warn,
  });

  const websocket = onMessage(
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
  const mqtt = onMqttMessage(
    answerMqtt({
      answer,
      registry: stationRegistry(env.STATIONS_TABLE, system, db),
      connectivity,
      stream,
      out: mqttOut(open),
      sleep: system.sleep,
      warn,
    }),
    system.clock,
  );
  return { websocket, mqtt };
};
