import type { Connector } from '../../connector/connector.ts';
import type { ActiveSession } from '../../session/session.ts';
import { isCharging } from '../charging-phase.ts';
import type { ConnectorRule } from '../rule.ts';
import { hasTapered, meanPowerW } from '../session-energy.ts';
import type { Thresholds } from '../thresholds.ts';
import { kilowatts, minutes } from '../wording.ts';

/** A car that is held at a limit draws a little less than it: not a fault until it is well below. */
const OF_LIMIT = 0.8;

/**
 * Whether the window tells of charging and of nothing else: a pause within it would look like low power, and so would energy
 * that has stopped coming, which is `stalled-session`.
 */
const isCharged = ({ session, statusAt }: Connector, windowMs: number, { lowPowerWindowMs }: Thresholds): boolean => {
  const { startedAt, sampledAt, deliveredAt } = session ?? {};
  if (startedAt === undefined || sampledAt === undefined || deliveredAt === undefined) return false;
  return sampledAt - Math.max(startedAt, statusAt) >= windowMs && sampledAt - deliveredAt < lowPowerWindowMs / 2;
};

/**
 * A car that was charged well and then takes little is more likely full than ill: some draw a few hundred watts for a while yet.
 * Such a drop has to last for longer. Well is what makes the mean of the whole session good, however short it was.
 */
const windowFor = (
  session: ActiveSession,
  { lowPowerW, lowPowerWindowMs, lowPowerAfterChargeMs }: Thresholds,
): number => {
  const [meteredSec, deliveredWh] = session.curve.at(-1) ?? [0, 0];
  const chargedWell = deliveredWh * 3600 >= lowPowerW * meteredSec;
  return chargedWell ? lowPowerAfterChargeMs : lowPowerWindowMs;
};

/**
 * The soft fault: the charger says it is charging and hardly does. Judged by the energy of the last minutes, never by one
 * sample. The threshold lies below what six amperes on one phase give, the least a car may be offered.
 * Not a fault: the car paused, a low limit of ours, the taper of a full battery (by its state of charge or its gradual fall).
 */
export const lowPower: ConnectorRule = {
  name: 'low-power',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a charging session averaged less than the low-power threshold over the window (a longer one after it charged well, never where it fell gradually as a full battery does); clears when it delivers, pauses or ends.',
  check: (connector, { thresholds }) => {
    const { session, limitW } = connector;
    if (!session || !isCharging(connector)) return undefined;
    if (session.socPercent !== undefined && session.socPercent >= thresholds.highSocPercent) return undefined;
    const windowMs = windowFor(session, thresholds);
    if (!isCharged(connector, windowMs, thresholds)) return undefined;
    const meanW = meanPowerW(session, windowMs);
    if (meanW === undefined || meanW <= 0 || meanW >= thresholds.lowPowerW) return undefined;
    if (hasTapered(session)) return undefined;
    const allowedW = Math.min(limitW ?? Number.POSITIVE_INFINITY, session.offeredW ?? Number.POSITIVE_INFINITY);
    if (allowedW <= thresholds.lowPowerW || meanW >= allowedW * OF_LIMIT) return undefined;
    return {
      summary: `Delivers ${kilowatts(meanW)} over ${minutes(windowMs)}`,
      detail: { sessionId: session.sessionId, meanW: Math.round(meanW), ratedW: connector.place.ratedW },
    };
  },
};
