import type { StationRule } from '../rule.ts';
import { stationHeardAt } from '../views.ts';
import { minutes } from '../wording.ts';

/**
 * The socket is there and nothing comes through it. Any message counts, not only heartbeats: chargers may leave those out
 * while they send others. The same evidence makes the station offline in the live state.
 */
export const silentStation: StationRule = {
  name: 'silent-station',
  subject: 'station',
  severity: 'major',
  driven: 'sweep',
  judgedOffline: true,
  about:
    'Raised when a connected station has sent nothing for three heartbeat intervals; clears with its next message.',
  check: (view, { now, thresholds }) => {
    if (view.connectivity?.connectionId === undefined) return undefined;
    const heardAt = stationHeardAt(view);
    const silentMs = thresholds.silentHeartbeats * thresholds.heartbeatIntervalMs;
    if (now < heardAt + silentMs) return undefined;
    return {
      since: heardAt,
      summary: `Connected, but silent for ${minutes(now - heardAt)}`,
      detail: { lastHeardAt: new Date(heardAt).toISOString() },
    };
  },
};
