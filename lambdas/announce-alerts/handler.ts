import { fromAlertItem } from '../../aws/alert-item.ts';
import { alertTopic } from '../../aws/alert-topic.ts';
import { parkedRecords } from '../../aws/parked-records.ts';
import { timeline } from '../../aws/timeline.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStream } from '../../runtime/table-stream.ts';
import { announceAlerts } from './announce-alerts.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);

export const handler = tableStream({
  read: ({ item }) => (item?.alertId === undefined ? undefined : fromAlertItem(item)),
  handle: announceAlerts({ topic: alertTopic(env.ALERT_TOPIC), timeline: timeline(env.TIMELINE_TABLE) }),
  park: parkedRecords(env.PARKED_BUCKET).park,
  warn: sampledWarning(),
});
