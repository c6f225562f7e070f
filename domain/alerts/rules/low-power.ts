import type { Connector } from '../../connector/connector.ts';
import { isCharging } from '../charging-phase.ts';
import type { ConnectorRule } from '../rule.ts';
import { meanPowerW } from '../session-energy.ts';
import { kilowatts, minutes } from '../wording.ts';

/** A car that is held at a limit draws a little less than it: not a fault until it is well below. */
const OF_LIMIT = 0.8;

/**
 * Whether the window tells of charging and of nothing else: a pause within it would look like low power, and so would energy
 * that has stopped coming, which is `stalled-session`.
 */
const isCharged = ({ session, statusAt }: Connector, windowMs: number): boolean => {
  const { startedAt, sampledAt, deliveredAt } = session ?? {};
  if (startedAt === undefined || sampledAt === undefined || deliveredAt === undefined) return false;
  return sampledAt - Math.max(startedAt, statusAt) >= windowMs && sampledAt - deliveredAt < windowMs / 2;
};

/**
 * The soft fault: the charger says it is charging and hardly does. Judged by the energy of the last minutes, never by one
 * sample. The threshold lies below what six amperes on one phase give, the least a car may be offered.
 * Not a fault: the car paused, a low limit of ours, the taper of a full battery.
 */
export const lowPower: ConnectorRule = {
  name: 'low-power',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a charging session averaged less than the low-power threshold over the window; clears when it delivers, pauses or ends.',
  check: (connector, { thresholds }) => {
    const { session, limitW } = connector;
    if (!session || !isCharging(connector)) return undefined;
    if (session.socPercent !== undefined && session.socPercent >= thresholds.highSocPercent) return undefined;
    if (!isCharged(connector, thresholds.lowPowerWindowMs)) return undefined;
    const meanW = meanPowerW(session, thresholds.lowPowerWindowMs);
    if (meanW === undefined || meanW <= 0 || meanW >= thresholds.lowPowerW) return undefined;
    const allowedW = Math.min(limitW ?? Number.POSITIVE_INFINITY, session.offeredW ?? Number.POSITIVE_INFINITY);
    if (allowedW <= thresholds.lowPowerW || meanW >= allowedW * OF_LIMIT) return undefined;
    return {
      summary: `Delivers ${kilowatts(meanW)} over ${minutes(thresholds.lowPowerWindowMs)}`,
      detail: { sessionId: session.sessionId, meanW: Math.round(meanW), ratedW: connector.place.ratedW },
    };
  },
};
