import { setTimeout as sleep } from 'node:timers/promises';
import { dirtyMarks } from '../../aws/dirty-marks.ts';
import { isOutage } from '../../aws/is-outage.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/open-window-store.ts';
import { parkedRecords } from '../../aws/parked-records.ts';
import { sessionStore } from '../../aws/session-store.ts';
import { tariffTable } from '../../aws/tariff-table.ts';
import { timeline } from '../../aws/timeline.ts';
import { patiently } from '../../runtime/patiently.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { Env } from './env.ts';
import { recordHistory } from './record-history.ts';
import { writtenItem } from './written-item.ts';

const env = Env.parse(process.env);
const warn = sampledWarning();
const record = recordHistory({
  windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE)),
  sessions: sessionStore(env.SESSIONS_TABLE),
  timeline: timeline(env.TIMELINE_TABLE),
  dirty: dirtyMarks(env.TIMELINE_TABLE),
  tariffs: tariffTable(env.TARIFFS_TABLE).book,
  warn,
  now: Date.now,
});

export const handler = tableStreamBatch({
  read: writtenItem,
  handle: patiently(record, { isOutage, budgetMs: 30_000, clock: Date.now, sleep }),
  park: parkedRecords(env.PARKED_BUCKET).park,
  warn,
});
