import { durationText } from '../quantity-text.ts';
import type { StationRule } from '../rule.ts';

/**
 * No socket for the grace period. API Gateway cuts every socket after 2 hours and idle ones after 10 minutes:
 * a charger that is back within the grace was never away. A station that never connected is not in service yet.
 */
export const stationOffline: StationRule = {
  name: 'station-offline',
  subject: 'station',
  severity: 'major',
  driven: 'change',
  evaluatedOffline: true,
  about: 'Raised when a station has had no connection for the grace period; clears when it connects.',
  check: ({ connectivity, connectors }, { now, thresholds }) => {
    if (!connectivity || connectivity.connectionId !== undefined) return undefined;
    const { disconnectedAt } = connectivity;
    if (disconnectedAt === undefined || now < disconnectedAt + thresholds.offlineGraceMs) return undefined;
    const openSessions = connectors?.filter(({ session }) => session).length;
    return {
      since: disconnectedAt,
      summary: `No connection for ${durationText(now - disconnectedAt)}`,
      detail: {
        disconnectedAt: new Date(disconnectedAt).toISOString(),
        ...(openSessions === undefined ? {} : { openSessions }),
      },
    };
  },
};
