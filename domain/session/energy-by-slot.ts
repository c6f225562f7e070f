import { HOUR_MS, LONGEST_SESSION_MS, QUARTER_HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import { energyAt, roundWh, secondsIn } from './meter-curve.ts';

/** Energy of one slot of the clock, for a part of a session. `startAt` is ms since the epoch. */
export type EnergySlot = { readonly startAt: number; readonly energyWh: number };

/**
 * Energy of each slot of the clock that lies within [fromAt, toAt), ms since the epoch, in order. What flowed before the
 * session's first instant is 0, so the slots of a whole session add up to its energy, exactly.
 */
export const energyBySlot = (
  curve: Curve,
  startedAt: number,
  slotMs: number,
  fromAt: number,
  toAt: number,
): readonly EnergySlot[] => {
  const first = Math.floor(fromAt / slotMs) * slotMs;
  const count = Math.max(0, Math.ceil((toAt - first) / slotMs));
  let deliveredWh = first <= startedAt ? 0 : energyAt(curve, secondsIn(startedAt, first));
  return Array.from({ length: count }, (_, index) => {
    const startAt = first + index * slotMs;
    const reachedWh = energyAt(curve, secondsIn(startedAt, startAt + slotMs));
    const energyWh = roundWh(reachedWh - deliveredWh);
    deliveredWh = reachedWh;
    return { startAt, energyWh };
  });
};

const energyOfSession = (curve: Curve, startedAt: number, slotMs: number): readonly EnergySlot[] => {
  const last = curve.at(-1);
  if (!last) return [];
  // A session without length, too, has the slot it lies in.
  const endAt = Math.max(startedAt + last[0] * SECOND_MS, startedAt + 1);
  const [first, ...others] = energyBySlot(
    curve,
    startedAt,
    slotMs,
    Math.max(startedAt, endAt - 1 - LONGEST_SESSION_MS),
    endAt,
  );
  if (!first) return [];
  // What was delivered before the longest time that is told stands in its first slot.
  const beforeWh = first.startAt <= startedAt ? 0 : energyAt(curve, secondsIn(startedAt, first.startAt));
  return [{ ...first, energyWh: roundWh(first.energyWh + beforeWh) }, ...others];
};

/** Energy per clock quarter of an hour. The sum over all quarters is the energy of the session, exactly. */
export const energyByQuarter = (curve: Curve, startedAt: number): readonly EnergySlot[] =>
  energyOfSession(curve, startedAt, QUARTER_HOUR_MS);

/** Energy per clock hour, UTC. Boundaries are quarters too, so every hour is the sum of its quarters. */
export const energyByHour = (curve: Curve, startedAt: number): readonly EnergySlot[] =>
  energyOfSession(curve, startedAt, HOUR_MS);
