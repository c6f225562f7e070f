import { alertTable } from '../../aws/alert-table.ts';
import { dirtyMarks } from '../../aws/dirty-marks.ts';
import { exclusionSettings } from '../../aws/exclusion-settings.ts';
import { fleetScan } from '../../aws/fleet-scan.ts';
import { ocppStream } from '../../aws/ocpp-stream.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/open-window-store.ts';
import { parkedListing } from '../../aws/parked-listing.ts';
import { sessionStore } from '../../aws/session-store.ts';
import { sweepProgress } from '../../aws/sweep-progress.ts';
import { thresholdSettings } from '../../aws/threshold-settings.ts';
import { timeline } from '../../aws/timeline.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { schedule } from '../../runtime/schedule.ts';
import { Env } from './env.ts';
import { findLost } from './find-lost.ts';
import { networkViews } from './network-views.ts';
import { sweepAlerts } from './sweep-alerts.ts';
import { sweepFleet } from './sweep-fleet.ts';
import { metered } from './sweep-metrics.ts';
import { sweepWindows } from './sweep-windows.ts';

const env = Env.parse(process.env);
const { SCAN_SEGMENTS } = env;
const lost = findLost(ocppStream(env.OCPP_STREAM));
const alerts = alertTable(env.ALERTS_TABLE);
const { overrides } = thresholdSettings(env.SETTINGS_TABLE);
const windows = sweepWindows({
  windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE)),
  sessions: sessionStore(env.SESSIONS_TABLE),
  timeline: timeline(env.TIMELINE_TABLE),
  exclusions: exclusionSettings(env.SETTINGS_TABLE).of,
  dirty: dirtyMarks(env.TIMELINE_TABLE),
  progress: sweepProgress(env.TIMELINE_TABLE),
  clock: Date.now,
  warn: sampledWarning(),
});
const scan = fleetScan({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE });
const beside = networkViews(parkedListing(env.PARKED_BUCKET), overrides);

export const handler = schedule(
  'sweep-fleet',
  sweepFleet(scan, SCAN_SEGMENTS, {
    lost: async (fleet, now) => ({ found: await lost(fleet.whole(), now) }),
    alerts: ({ again }, now) =>
      metered(sweepAlerts({ fleet: again, alerts, overrides, networkViews: beside }, SCAN_SEGMENTS))(now),
    windows: (fleet, now) => windows(fleet.whole(), now),
  }),
);
