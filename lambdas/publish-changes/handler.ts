import { setTimeout as sleep } from 'node:timers/promises';
import { alertTable } from '../../aws/alert-table.ts';
import { eventBus } from '../../aws/event-bus.ts';
import { isOutage } from '../../aws/is-outage.ts';
import { parkedRecords } from '../../aws/parked-records.ts';
import { thresholdSettings } from '../../aws/threshold-settings.ts';
import { patiently } from '../../runtime/patiently.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { allOf } from './all-of.ts';
import { detectAlerts } from './detect-alerts.ts';
import { Env } from './env.ts';
import { itemChange } from './item-change.ts';
import { publishChanges } from './publish-changes.ts';

const env = Env.parse(process.env);
const alerts = alertTable(env.ALERTS_TABLE);
const { overrides } = thresholdSettings(env.SETTINGS_TABLE);
const tables = { connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE, alerts: env.ALERTS_TABLE };
const work = allOf(publishChanges(eventBus(env.EVENT_BUS)), detectAlerts({ alerts, overrides }));

/** Events and alerts share one reader: a shard of a table's change stream bears two, and record-history is the other. */
export const handler = tableStreamBatch({
  read: itemChange(tables),
  handle: patiently(work, { isOutage, budgetMs: 30_000, clock: Date.now, sleep }),
  park: parkedRecords(env.PARKED_BUCKET).park,
  warn: sampledWarning(),
});
