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
import { segmentFunction } from '../../aws/segment-function.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import { onSchedule } from '../../runtime/on-schedule.ts';
import { onSegment } from '../../runtime/on-segment.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { alertSweepMetrics, tellMetrics, windowSweepMetrics } from '../../runtime/sweep-metrics.ts';
import { siteLimitThresholds } from '../../use-cases/configure-site/site-limit-thresholds.ts';
import { findLost, tellLost } from '../../use-cases/find-lost/find-lost.ts';
import { rollUpWindows } from '../../use-cases/roll-up-windows/roll-up-windows.ts';
import { networkSnapshots } from '../../use-cases/sweep-alerts/network-snapshots.ts';
import { sweepAlerts } from '../../use-cases/sweep-alerts/sweep-alerts.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { anyPart } from '../../use-cases/sweep-fleet/sweep-part.ts';
import { sweepSegment, underLease } from '../../use-cases/sweep-fleet/sweep-segment.ts';
import { wakeOverdue } from '../../use-cases/sweep-fleet/wake-overdue.ts';
import { siteReadings } from '../../use-cases/sweep-sites/site-readings.ts';
import { tickSites } from '../../use-cases/sweep-sites/tick-sites.ts';
import { Env } from './env.ts';

/** Everything sweep-fleet is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const toldFor = env.METRICS === 'yes' ? env.STAGE : undefined;
  const alerts = alertTable(env.ALERTS_TABLE, system, db);
  const configurations = siteConfigurations(env.SITES_TABLE, system, db);
  const { overrides } = siteLimitThresholds(thresholdSettings(env.SETTINGS_TABLE, system, db), configurations);
  const readings = siteReadings({ configurations, sites: siteStore(env.SITES_TABLE, system, db) });
  const tick = tickSites({ configurations, stream: siteStream(env.SIGNAL_STREAM, system, open) });
  const windows = rollUpWindows({
    windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE), system, callPolicies.consumer, open),
    sessions: sessionStore(env.SESSIONS_TABLE, db),
    timeline: timeline(env.TIMELINE_TABLE, system, db),
    exclusions: exclusionSettings(env.SETTINGS_TABLE, system, db).of,
    dirty: dirtyMarks(env.TIMELINE_TABLE, system, db),
    progress: sweepProgress(env.TIMELINE_TABLE, db),
    clock: system.clock,
    warn: sampledWarning(),
    tell: tellMetrics(windowSweepMetrics, toldFor),
  });
  const wakeLate = wakeOverdue({
    overdue: overdueMailboxes(env.COMMANDS_TABLE, db),
    queue: wakeQueue(env.WAKE_QUEUE, system, open),
  });
  const parts = {
    lost: tellLost(findLost(ocppStream(env.OCPP_STREAM, open))),
    alerts: anyPart(
      sweepAlerts({
        alerts,
        overrides,
        networkSnapshots: networkSnapshots({
          parked: parkedListing(env.PARKED_BUCKET, open),
          signals: signalStore(env.GRID_TABLE, db),
          overrides,
        }),
        siteReadings: readings,
        tell: tellMetrics(alertSweepMetrics, toldFor),
      }),
    ),
    windows: anyPart(windows),
  };
  const scan = fleetScan({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, system, db);
  const sweepHere = sweepSegment(scan, parts);
  const leaseOf = (segment: string) => sweepLease(env.TIMELINE_TABLE, db, `sweep-fleet#${segment}`);
  const sweep = env.SEGMENT_FUNCTION === undefined ? sweepHere : segmentFunction(env.SEGMENT_FUNCTION, open);
  const ports = { sweep, lease: sweepLease(env.TIMELINE_TABLE, db), clock: system.clock };

  return {
    handler: onSchedule(
      'sweep-fleet',
      sweepFleet(ports, env.SEGMENTS, parts, {
        commands: wakeLate,
        sites: async (now) => ({ ticked: await tick(now) }),
      }),
      system.clock,
    ),
    segment: onSegment(underLease(sweepHere, leaseOf, system.clock)),
  };
};
