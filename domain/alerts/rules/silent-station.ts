import { MINUTE_MS, QUARTER_HOUR_MS } from '../../kernel/durations.ts';
import { durationText } from '../quantity-text.ts';
import type { StationRule } from '../rule.ts';
import { stationHeardAt } from '../station-snapshot.ts';
import type { Thresholds } from '../thresholds.ts';

/** What BootNotification tells every station, whatever a site's threshold says. */
const BOOT_INTERVAL_MS = 9 * MINUTE_MS;

/**
 * Silence that counts. The gateway notes a sign of life once a quarter-hour: a station in good health may look silent for that
 * long and until its next heartbeat, so a threshold below that says no more than this.
 */
const silenceMs = ({ silentHeartbeats, heartbeatIntervalMs }: Thresholds): number =>
  Math.max(silentHeartbeats * heartbeatIntervalMs, QUARTER_HOUR_MS + Math.max(heartbeatIntervalMs, BOOT_INTERVAL_MS));

/**
 * The socket is there and nothing comes through it. Any message counts, not only heartbeats: chargers may leave those out
 * while they send others. The same evidence makes the station offline in the live state.
 */
export const silentStation: StationRule = {
  name: 'silent-station',
  subject: 'station',
  severity: 'major',
  driven: 'sweep',
  evaluatedOffline: true,
  about:
    'Raised when a connected station has sent nothing for three heartbeat intervals (as set, but never sooner than a quarter-hour and one heartbeat, as signs of life are noted once a quarter-hour); clears with its next message.',
  check: (station, { now, thresholds }) => {
    if (station.connectivity?.connectionId === undefined) return undefined;
    const heardAt = stationHeardAt(station);
    const silentMs = silenceMs(thresholds);
    if (now < heardAt + silentMs) return undefined;
    return {
      since: heardAt,
      summary: `Connected, but silent for ${durationText(now - heardAt)}`,
      detail: { lastHeardAt: new Date(heardAt).toISOString() },
    };
  },
};
