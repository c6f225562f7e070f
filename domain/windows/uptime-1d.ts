import { type UptimeDay, uptimeDay } from '../uptime/uptime-day.ts';
import { uptimeMeasures } from '../uptime/uptime-row.ts';
import type { Series } from './series.ts';

/** Minutes per status and exclusion reason of a connector per day of its site: what the legal reports read. */
export const uptime1d: Series<UptimeDay> = {
  name: 'uptime_1d',
  // A local day has 23 to 25 hours; rows start where the site's day starts.
  sizeMs: 86_400_000,
  hopMs: 86_400_000,
  keyedBy: 'connector (stationId#evseId#connectorId), and port (stationId#evseId) where an EVSE has several connectors',
  stored: true,
  measures: uptimeMeasures,
  empty: { startAt: 0, endAt: 86_400_000, intervals: [], exclusions: [] },
  measure: uptimeDay,
};
