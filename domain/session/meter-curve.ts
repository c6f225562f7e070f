import type { Curve } from '../kernel/ended-session.ts';

const QUARTER_SEC = 900;
const HOUR_SEC = 3600;

/** Rounds to the resolution everything is kept in: 0.001 Wh. */
export const roundWh = (energyWh: number): number => Math.round(energyWh * 1000) / 1000;

/** Seconds since the start of the session, to the millisecond: a reading on a clock quarter must stay on it. */
export const secondsIn = (startedAt: number, at: number): number => (at - startedAt) / 1000;

/**
 * Wh delivered by `atSec`: interpolated between the two readings that stand next to it, 0 before the first reading and the
 * total after the last. Where several readings share an instant the last one counts.
 */
export const energyAt = (curve: Curve, atSec: number): number => {
  const after = curve.findIndex(([sec]) => sec > atSec);
  const last = curve.at(-1);
  if (after === -1) return last ? last[1] : 0;
  const next = curve[after];
  const before = curve[after - 1];
  if (!next || !before) return 0;
  const share = (atSec - before[0]) / (next[0] - before[0]);
  return roundWh(before[1] + share * (next[1] - before[1]));
};

/** Keeps the first and the last point of each clock quarter of an hour; the points that go are those between them. */
const thinned = (curve: Curve, startedAt: number): Curve => {
  const quarterOf = (sec: number): number => Math.floor((startedAt / 1000 + sec) / QUARTER_SEC);
  return curve.filter(([sec], index) => {
    const before = curve[index - 1];
    const after = curve[index + 1];
    return !before || !after || quarterOf(before[0]) !== quarterOf(sec) || quarterOf(after[0]) !== quarterOf(sec);
  });
};

/**
 * The curve with one more reading, wherever it belongs in time. The same curve comes back when the reading adds nothing:
 * it is there already, or it contradicts its neighbours (a curve never falls).
 */
export const withPoint = (curve: Curve, startedAt: number, atSec: number, energyWh: number): Curve => {
  const place = curve.findLastIndex(([sec, wh]) => sec < atSec || (sec === atSec && wh <= energyWh)) + 1;
  const before = curve[place - 1];
  const after = curve[place];
  if (before && before[0] === atSec && before[1] === energyWh) return curve;
  if ((before && before[1] > energyWh) || (after && after[1] < energyWh)) return curve;
  return thinned([...curve.slice(0, place), [atSec, energyWh], ...curve.slice(place)], startedAt);
};

/** The curve cut off at the end of its session, its last point being the session's energy. */
export const closedCurve = (curve: Curve, startedAt: number, endSec: number, energyWh: number): Curve => {
  const inside = curve.filter(([sec, wh]) => sec <= endSec && wh <= energyWh);
  return withPoint(inside, startedAt, endSec, energyWh);
};

/** Energy of one slot of the clock, for a part of a session. `startAt` is ms since the epoch. */
export type EnergySlot = { readonly startAt: number; readonly energyWh: number };

const energyBySlot = (curve: Curve, startedAt: number, slotSec: number): readonly EnergySlot[] => {
  const last = curve.at(-1);
  if (!last) return [];
  const slotMs = slotSec * 1000;
  const endAt = startedAt + last[0] * 1000;
  const slots: EnergySlot[] = [];
  let deliveredWh = 0;
  for (let startAt = Math.floor(startedAt / slotMs) * slotMs; ; startAt += slotMs) {
    const isLast = startAt + slotMs >= endAt;
    const reachedWh = isLast ? last[1] : energyAt(curve, secondsIn(startedAt, startAt + slotMs));
    slots.push({ startAt, energyWh: roundWh(reachedWh - deliveredWh) });
    deliveredWh = reachedWh;
    if (isLast) return slots;
  }
};

/** Energy per clock quarter of an hour. The sum over all quarters is the energy of the session, exactly. */
export const energyByQuarter = (curve: Curve, startedAt: number): readonly EnergySlot[] =>
  energyBySlot(curve, startedAt, QUARTER_SEC);

/** Energy per clock hour, UTC. Boundaries are quarters too, so every hour is the sum of its quarters. */
export const energyByHour = (curve: Curve, startedAt: number): readonly EnergySlot[] =>
  energyBySlot(curve, startedAt, HOUR_SEC);
