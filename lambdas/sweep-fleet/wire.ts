import { callPolicies } from '../../aws/call-policy.ts';
import { overdueMailboxes } from '../../aws/commands/overdue-mailboxes.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { exclusionSettings } from '../../aws/dynamodb/exclusion-settings.ts';
import { fleetScan } from '../../aws/dynamodb/fleet-scan.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { sweepLease } from '../../aws/dynamodb/sweep-lease.ts';
import { sweepProgress } from '../../aws/dynamodb/sweep-progress.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { parkedListing } from '../../aws/parked/parked-listing.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import { onSchedule } from '../../runtime/on-schedule.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { alertSweepMetrics, metered, windowSweepMetrics } from '../../runtime/sweep-metrics.ts';
import { siteLimitThresholds } from '../../use-cases/configure-site/site-limit-thresholds.ts';
import { findLost } from '../../use-cases/find-lost/find-lost.ts';
import { rollUpWindows } from '../../use-cases/roll-up-windows/roll-up-windows.ts';
import { networkSnapshots } from '../../use-cases/sweep-alerts/network-snapshots.ts';
import { sweepAlerts } from '../../use-cases/sweep-alerts/sweep-alerts.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { wakeOverdue } from '../../use-cases/sweep-fleet/wake-overdue.ts';
import { siteReadings } from '../../use-cases/sweep-sites/site-readings.ts';
import { tickSites } from '../../use-cases/sweep-sites/tick-sites.ts';
import { Env } from './env.ts';

/** Everything sweep-fleet is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const { SCAN_SEGMENTS } = env;
  const isMetered = env.METRICS === 'yes';
  const lost = findLost(ocppStream(env.OCPP_STREAM, open));
  const alerts = alertTable(env.ALERTS_TABLE, system, db);
  const configurations = siteConfigurations(env.SITES_TABLE, system, db);
  const { overrides } = siteLimitThresholds(thresholdSettings(env.SETTINGS_TABLE, system, db), configurations);
  const readings = siteReadings({ configurations, sites: siteStore(env.SITES_TABLE, system, db) });
  const tick = tickSites({ configurations, stream: siteStream(env.SIGNAL_STREAM, system, open) });
  const windows = rollUpWindows({
    windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE), system, callPolicies.consumer, open),
    sessions: sessionStore(env.SESSIONS_TABLE, db),
    timeline: timeline(env.TIMELINE_TABLE, system, db),
    exclusions: exclusionSettings(env.SETTINGS_TABLE, db).of,
    dirty: dirtyMarks(env.TIMELINE_TABLE, system, db),
    progress: sweepProgress(env.TIMELINE_TABLE, db),
    clock: system.clock,
    warn: sampledWarning(),
  });
  const ports = {
    scan: fleetScan({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, db),
    lease: sweepLease(env.TIMELINE_TABLE, db),
    clock: system.clock,
  };
  const wakeLate = wakeOverdue({
    overdue: overdueMailboxes(env.COMMANDS_TABLE, db),
    queue: wakeQueue(env.WAKE_QUEUE, system, open),
  });
  const beside = networkSnapshots({
    parked: parkedListing(env.PARKED_BUCKET, open),
    signals: signalStore(env.GRID_TABLE, db),
    overrides,
  });

  return {
    handler: onSchedule(
      'sweep-fleet',
      sweepFleet(ports, SCAN_SEGMENTS, {
        commands: (_fleet, now) => wakeLate(now),
        sites: async (_fleet, now) => ({ ticked: await tick(now) }),
        lost: async (fleet, now) => ({ found: await lost(fleet.whole(), now) }),
        alerts: ({ again }, now) =>
          metered(
            sweepAlerts(
              { fleet: again, alerts, overrides, networkSnapshots: beside, siteReadings: readings },
              SCAN_SEGMENTS,
            )(now),
            alertSweepMetrics,
            now,
            isMetered,
          ),
        windows: (fleet, now) => metered(windows(fleet.whole(), now), windowSweepMetrics, now, isMetered),
      }),
      system.clock,
    ),
  };
};
