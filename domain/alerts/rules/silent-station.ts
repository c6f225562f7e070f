import { durationText } from '../quantity-text.ts';
import type { StationRule } from '../rule.ts';
import { stationHeardAt } from '../station-snapshot.ts';

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
    'Raised when a connected station has sent nothing for three heartbeat intervals; clears with its next message.',
  check: (station, { now, thresholds }) => {
    if (station.connectivity?.connectionId === undefined) return undefined;
    const heardAt = stationHeardAt(station);
    const silentMs = thresholds.silentHeartbeats * thresholds.heartbeatIntervalMs;
    if (now < heardAt + silentMs) return undefined;
    return {
      since: heardAt,
      summary: `Connected, but silent for ${durationText(now - heardAt)}`,
      detail: { lastHeardAt: new Date(heardAt).toISOString() },
    };
  },
};
