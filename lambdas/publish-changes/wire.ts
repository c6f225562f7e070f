import { allOf } from '../../async/all-of.ts';
import { callPolicies } from '../../aws/call-policy.ts';
import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { itemChange } from '../../aws/dynamodb/item-change.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { detectAlerts } from '../../use-cases/detect-alerts/detect-alerts.ts';
import { publishChanges } from '../../use-cases/publish-changes/publish-changes.ts';
import { tellSites } from '../../use-cases/publish-changes/tell-sites.ts';
import { Env } from './env.ts';

/** Everything publish-changes is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const alerts = alertTable(env.ALERTS_TABLE, system, db);
  const { overrides } = thresholdSettings(env.SETTINGS_TABLE, system, db);
  const tables = {
    connectors: env.CONNECTORS_TABLE,
    stations: env.STATIONS_TABLE,
    alerts: env.ALERTS_TABLE,
    grid: env.GRID_TABLE,
  };
  const configurations = siteConfigurations(env.SITES_TABLE, system, db);
  const work = allOf(
    publishChanges(eventBus(env.EVENT_BUS, open)),
    detectAlerts({ alerts, overrides }),
    tellSites({ configurations, stream: siteStream(env.SIGNAL_STREAM, system, open) }),
  );

  /** Events and alerts share one reader: a shard of a table's change stream bears two, and record-history is the other. */
  return {
    handler: tableStreamBatch({
      read: itemChange(tables),
      handle: work,
      park: parkedRecords(env.PARKED_BUCKET, 'publish-changes', system, open).park,
      stage: env.STAGE,
      warn: sampledWarning(),
      system,
    }),
  };
};
