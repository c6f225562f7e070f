import { callPolicies } from '../../aws/call-policy.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { itemChange } from '../../aws/dynamodb/item-change.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { tariffTable } from '../../aws/dynamodb/tariff-table.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { writtenItem } from '../../use-cases/record-history/written-item.ts';
import { Env } from './env.ts';

/** Everything record-history is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const warn = sampledWarning();
  const readChange = itemChange({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE });
  const record = recordHistory({
    windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE), system, callPolicies.consumer, open),
    sessions: sessionStore(env.SESSIONS_TABLE, db),
    timeline: timeline(env.TIMELINE_TABLE, system, db),
    dirty: dirtyMarks(env.TIMELINE_TABLE, system, db),
    tariffs: tariffTable(env.TARIFFS_TABLE, system, db).book,
    warn,
    now: system.clock,
  });

  return {
    handler: tableStreamBatch({
      read: (change) => writtenItem(readChange(change)),
      handle: record,
      park: parkedRecords(env.PARKED_BUCKET, 'record-history', system, open).park,
      stage: env.STAGE,
      warn,
      system,
    }),
  };
};
