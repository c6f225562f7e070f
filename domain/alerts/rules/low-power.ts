import type { Connector } from '../../connector/connector.ts';
import { leastChargingW } from '../../connector/least-charging-w.ts';
import { leastLimitW } from '../../connector/replaced-limits.ts';
import type { ActiveSession } from '../../session/active-session.ts';
import { energyByQuarter } from '../../session/energy-by-slot.ts';
import { energyAt } from '../../session/meter-curve.ts';
import { chargingPhase } from '../charging-phase.ts';
import { durationText, powerText } from '../quantity-text.ts';
import type { ConnectorRule } from '../rule.ts';
import type { Thresholds } from '../thresholds.ts';

/**
 * Mean power over the last `windowMs` of metered time, W, from the difference of the register: one odd sample weighs nothing.
 * Undefined until the session has been metered for that long.
 */
const meanPowerW = ({ curve }: ActiveSession, windowMs: number): number | undefined => {
  const last = curve.at(-1);
  const windowSec = windowMs / 1000;
  if (!last || last[0] < windowSec) return undefined;
  return ((last[1] - energyAt(curve, last[0] - windowSec)) * 3600) / windowSec;
};

/** Readings further apart than this blur what happened between them: a drop looks like a slope. */
const FINE_SAMPLING_MS = 300_000;
/** A quarter-hour lies on the slope when it is clearly below the best one and clearly above the last one. */
const BELOW_BEST = 0.9;
const ABOVE_LAST = 2;

/**
 * Whether the session came down gradually, as a battery does that becomes full: over several quarters of an hour, where a drop
 * leaves its mark in one. Only whole quarters are compared, and only of sessions that are sampled finely enough to tell.
 */
const hasTapered = ({ curve, startedAt, sampleIntervalMs }: ActiveSession): boolean => {
  if (sampleIntervalMs === undefined || sampleIntervalMs > FINE_SAMPLING_MS) return false;
  const quartersWh = energyByQuarter(curve, startedAt)
    .slice(1, -1)
    .map(({ energyWh }) => energyWh);
  const lastWh = quartersWh.at(-1) ?? 0;
  const bestWh = Math.max(0, ...quartersWh);
  const after = quartersWh.slice(quartersWh.lastIndexOf(bestWh) + 1);
  return after.filter((wh) => wh < bestWh * BELOW_BEST && wh > lastWh * ABOVE_LAST).length > 1;
};

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
 * The soft fault: the charger says it is charging and hardly does. Found by the energy of the last minutes, never by one
 * sample. The threshold lies below what six amperes on one phase give, the least a car may be offered.
 * Not a fault: the car paused, a low limit of ours within the window, the taper of a full battery (by its state of charge or
 * its gradual fall).
 */
export const lowPower: ConnectorRule = {
  name: 'low-power',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a charging session averaged less than the low-power threshold over the window (a longer one after it charged well, never where it fell gradually as a full battery does); clears when it delivers, pauses, ends, or gets no energy at all, which is stalled-session.',
  check: (connector, { now, thresholds }) => {
    const { session } = connector;
    if (!session || chargingPhase(connector) !== 'charging') return undefined;
    if (session.socPercent !== undefined && session.socPercent >= thresholds.highSocPercent) return undefined;
    const windowMs = windowFor(session, thresholds);
    if (!isCharged(connector, windowMs, thresholds)) return undefined;
    const meanW = meanPowerW(session, windowMs);
    if (meanW === undefined || meanW <= 0 || meanW >= thresholds.lowPowerW) return undefined;
    if (hasTapered(session)) return undefined;
    const windowFrom = (session.sampledAt ?? now) - windowMs;
    const limitW = leastLimitW(connector, windowFrom, now);
    const allowedW = Math.min(limitW, session.offeredW ?? Number.POSITIVE_INFINITY);
    if (limitW < leastChargingW(connector) || allowedW <= thresholds.lowPowerW) return undefined;
    if (meanW >= allowedW * OF_LIMIT) return undefined;
    return {
      summary: `Delivers ${powerText(meanW)} over ${durationText(windowMs)}`,
      detail: { sessionId: session.sessionId, meanW: Math.round(meanW), ratedW: connector.place.ratedW },
    };
  },
};
