import { callPolicies } from '../../aws/call-policy.ts';
import { fromAlertItem } from '../../aws/dynamodb/alert-item.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { alertTopic } from '../../aws/messaging/alert-topic.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStream } from '../../runtime/table-stream.ts';
import { announceAlerts } from '../../use-cases/announce-alerts/announce-alerts.ts';
import { Env } from './env.ts';

/** Everything announce-alerts is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);

  const ports = { topic: alertTopic(env.ALERT_TOPIC, open), timeline: timeline(env.TIMELINE_TABLE, system, db) };

  return {
    handler: tableStream({
      read: ({ item }) => (item?.alertId === undefined ? undefined : fromAlertItem(item)),
      handle: announceAlerts(ports),
      park: parkedRecords(env.PARKED_BUCKET, 'announce-alerts', system, open).park,
      stage: env.STAGE,
      warn: sampledWarning(),
      system,
    }),
  };
};
