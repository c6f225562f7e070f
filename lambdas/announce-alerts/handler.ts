import { callPolicies } from '../../aws/call-policy.ts';
import { fromAlertItem } from '../../aws/dynamodb/alert-item.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { alertTopic } from '../../aws/messaging/alert-topic.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { tableStream } from '../../runtime/table-stream.ts';
import { announceAlerts } from '../../use-cases/announce-alerts/announce-alerts.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.consumer);

const ports = { topic: alertTopic(env.ALERT_TOPIC), timeline: timeline(env.TIMELINE_TABLE, system, db) };

export const handler = tableStream({
  read: ({ item }) => (item?.alertId === undefined ? undefined : fromAlertItem(item)),
  handle: announceAlerts(ports),
  park: parkedRecords(env.PARKED_BUCKET, 'announce-alerts', system).park,
  warn: sampledWarning(),
  system,
});
