import { QUARTER_HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import {
  isKnownAround,
  isReadAt,
  NO_TIMES,
  type ReadingTimes,
  readingsBeside,
  withLateTime,
  withNewestTime,
} from './reading-times.ts';

/**
 * The curve of a session that is still metered. Readings that the straight line between their neighbours tells within a
 * tolerance are left out (swinging-door compression); the readings on both sides of a clock quarter are kept, so that the
 * energy at every quarter is exact, and with it every hour in every time zone.
 */
export type MeterCurve = {
  readonly curve: Curve;
  /** Slopes, Wh per second, that a line from the point before the last may have and still tell every reading left out since. */
  readonly corridor?: Corridor;
  /** Present once the curve had to be thinned out: what it may be off by since then, Wh. */
  readonly toleranceWh?: number;
  /** When the meter was read, also where the curve left the reading out. */
  readonly times?: ReadingTimes;
};
export type Corridor = readonly [minWhPerSec: number, maxWhPerSec: number];

type Point = Curve[number];

/**
 * How far a reading that is left out may be off the curve: 1 Wh or 0.01 % of what was delivered by then, whichever is more;
 * and never more than 1 % of it.
 */
const TOLERANCE_WH = 1;
const TOLERANCE_SHARE = 0.0001;
const MOST_SHARE = 0.01;
/** Half of the resolution everything is kept in: what lies this close is the same. */
const EXACT_WH = 0.0005;
/** Readings further apart are all kept: a late one may still come between them. */
const NEAR_SEC = 300;
/** A curve with more points is thinned out to at most half as many, doubling its tolerance until that is reached. */
const MOST_POINTS = 240;

const FREE: Corridor = [0, 1e6];
/** No line at all: the last point stays. */
export const CLOSED: Corridor = [1, 0];

/** Rounds to the resolution everything is kept in: 0.001 Wh. */
export const roundWh = (energyWh: number): number => Math.round(energyWh * 1000) / 1000;

/** Seconds since the start of the session, to the millisecond: a reading on a clock quarter must stay on it. */
export const secondsIn = (startedAt: number, at: number): number => (at - startedAt) / SECOND_MS;

const onLine = ([fromSec, fromWh]: Point, [toSec, toWh]: Point, sec: number): number =>
  toSec === fromSec ? fromWh : fromWh + ((sec - fromSec) / (toSec - fromSec)) * (toWh - fromWh);

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
  return next && before ? roundWh(onLine(before, next, atSec)) : 0;
};

/**
 * Douglas-Peucker over energy: what goes lies within `toleranceWh` of the lines that stay. A piece whose ends share an
 * instant keeps only these: a curve never falls, so everything between them lies on the line upwards.
 */
const simplified = (curve: Curve, toleranceWh: number): Curve => {
  const stays = new Set([0, curve.length - 1]);
  const pieces: (readonly [from: number, to: number])[] = [[0, curve.length - 1]];
  for (const [from, to] of pieces) {
    const first = curve[from];
    const last = curve[to];
    if (!first || !last || first[0] === last[0]) continue;
    const errors = curve.slice(from + 1, to).map(([sec, wh]) => Math.abs(wh - onLine(first, last, sec)));
    const largest = Math.max(...errors);
    if (largest <= toleranceWh) continue;
    const split = from + 1 + errors.indexOf(largest);
    stays.add(split);
    pieces.push([from, split], [split, to]);
  }
  return curve.filter((_, index) => stays.has(index));
};

/** A curve of a bounded number of points. One with too many is thinned out and loses its exact quarters. */
const bounded = (metered: MeterCurve): MeterCurve => {
  if (metered.curve.length <= MOST_POINTS) return metered;
  let { curve, toleranceWh = TOLERANCE_WH / 2 } = metered;
  while (curve.length > MOST_POINTS / 2) {
    toleranceWh *= 2;
    curve = simplified(curve, toleranceWh);
  }
  return { ...metered, curve, toleranceWh, corridor: CLOSED };
};

/** Slopes of the lines from `pivot` that pass a point within a tolerance. */
const slopesTo = (pivot: Point, [sec, wh]: Point, toleranceWh: number): Corridor => {
  const duration = sec - pivot[0];
  const gainWh = wh - pivot[1];
  if (duration === 0) return gainWh <= toleranceWh ? FREE : CLOSED;
  return [(gainWh - toleranceWh) / duration, (gainWh + toleranceWh) / duration];
};

const narrowed = ([min, max]: Corridor, [otherMin, otherMax]: Corridor): Corridor => [
  Math.max(min, otherMin),
  Math.min(max, otherMax),
];

const toleranceOf = ({ toleranceWh = TOLERANCE_WH }: MeterCurve, energyWh: number): number => {
  const ordinaryWh = Math.max(toleranceWh, energyWh * TOLERANCE_SHARE);
  return Math.max(EXACT_WH, Math.min(ordinaryWh, energyWh * MOST_SHARE));
};

/** Second of the session at which the clock quarter of `sec` began. */
const quarterStart = (startedAt: number, sec: number): number =>
  secondsIn(startedAt, Math.floor((startedAt + sec * SECOND_MS) / QUARTER_HOUR_MS) * QUARTER_HOUR_MS);

/**
 * The curve with its newest reading. The same object comes back when the reading adds nothing: it is there already, or it
 * contradicts the last one (a curve never falls).
 */
export const withNewestPoint = (
  metered: MeterCurve,
  startedAt: number,
  atSec: number,
  energyWh: number,
): MeterCurve => {
  const { curve, corridor = FREE, times = NO_TIMES } = metered;
  const last = curve.at(-1);
  const point: Point = [atSec, energyWh];
  if (last === undefined) return { ...metered, curve: [point] };
  if (atSec < last[0] || energyWh < last[1]) return metered;
  const read = isReadAt(times, atSec) ? times : withNewestTime(times, atSec);
  if (atSec === last[0] && energyWh === last[1]) return read === times ? metered : { ...metered, times: read };
  const pivot = curve.at(-2);
  const quarterSec = quarterStart(startedAt, atSec);
  const isNextQuarter = quarterSec > last[0];
  const isNear = atSec - last[0] <= NEAR_SEC;
  const leavingOut =
    pivot && narrowed(corridor, slopesTo(pivot, last, isNextQuarter ? EXACT_WH : toleranceOf(metered, energyWh)));
  const isFlat = pivot?.[1] === energyWh;
  const [slope] = pivot ? slopesTo(pivot, point, 0) : CLOSED;
  const isLeftOut =
    leavingOut !== undefined && (isFlat || (isNear && leavingOut[0] <= slope && slope <= leavingOut[1]));
  const from = isLeftOut && pivot ? pivot : last;
  const open = isLeftOut ? leavingOut : FREE;
  const atQuarter: Point = [quarterSec, onLine(last, point, quarterSec)];
  const kept = isNear ? open : CLOSED;
  return bounded({
    ...metered,
    curve: [...(isLeftOut ? curve.slice(0, -1) : curve), point],
    times: read,
    corridor: isNextQuarter ? narrowed(kept, slopesTo(from, atQuarter, EXACT_WH)) : kept,
  });
};

/**
 * What the curve may be off a reading where it has reached `energyWh`. A reading is left out by the tolerance of the one
 * after it; every time the curve is thinned out adds at most the tolerance of that time, and the last one is larger than
 * all before it together.
 */
const mostOffWh = (metered: MeterCurve, energyWh: number): number =>
  toleranceOf(metered, energyWh) + 2 * (metered.toleranceWh ?? 0) + EXACT_WH;

/** Whether the curve tells a reading already: it lies no further off than one that was left out may. */
export const isTold = (metered: MeterCurve, atSec: number, energyWh: number): boolean => {
  const { curve } = metered;
  const next = curve.find(([sec]) => sec > atSec);
  return Math.abs(energyAt(curve, atSec) - energyWh) <= mostOffWh(metered, next?.[1] ?? energyWh);
};

/** A reading that the curve took, or left out, before. Of the times that are forgotten, one that it tells. */
const isRepeat = (metered: MeterCurve, atSec: number, energyWh: number): boolean => {
  const { curve, times = NO_TIMES } = metered;
  if (curve.some(([sec]) => sec === atSec)) return true;
  return (isReadAt(times, atSec) || !isKnownAround(times, atSec)) && isTold(metered, atSec, energyWh);
};

/**
 * The curve with a reading that arrived late, wherever it belongs in time. A reading that bends it bends it between the
 * readings beside it, so that every other one is told as well as before. The same object comes back when the reading adds
 * nothing: it is a repeat, or it contradicts its neighbours.
 */
export const withLatePoint = (metered: MeterCurve, atSec: number, energyWh: number): MeterCurve => {
  const { curve, corridor = FREE, times = NO_TIMES } = metered;
  const place = curve.findIndex(([sec]) => sec > atSec);
  const before = curve[place - 1];
  const after = curve[place];
  if (!before || !after || isRepeat(metered, atSec, energyWh)) return metered;
  const { beforeSec, afterSec } = readingsBeside(times, atSec, [before[0], after[0]]);
  const toldAt = (sec: number): Point => [sec, roundWh(onLine(before, after, sec))];
  const from = beforeSec > before[0] ? toldAt(beforeSec) : before;
  const to = afterSec < after[0] ? toldAt(afterSec) : after;
  const toleranceWh = toleranceOf(metered, after[1]);
  // The readings beside it may have been taken that much further away, and have told that much less or more.
  const unsureSec = isKnownAround(times, atSec) ? 2 * (times.jitterSec ?? 0) : after[0] - before[0];
  const unsureWh = (unsureSec * (after[1] - before[1])) / (after[0] - before[0]);
  const leastWh = Math.max(before[1], from[1] - unsureWh);
  const mostWh = Math.min(after[1], to[1] + unsureWh);
  const point: Point = [atSec, Math.min(mostWh, Math.max(leastWh, energyWh))];
  if (Math.abs(point[1] - energyWh) > mostOffWh(metered, curve.at(-1)?.[1] ?? energyWh)) return metered;
  const known = { ...metered, times: withLateTime(times, atSec) };
  if (Math.abs(onLine(before, after, atSec) - energyWh) <= toleranceWh) {
    const isInLast = after === curve.at(-1);
    return isInLast
      ? { ...known, corridor: narrowed(corridor, slopesTo(before, [atSec, energyWh], toleranceWh)) }
      : known;
  }
  const beside = [[from[0], Math.min(from[1], point[1])], point, [to[0], Math.max(to[1], point[1])]] as const;
  const bend = beside.filter(([sec]) => sec !== before[0] && sec !== after[0]);
  return bounded({ ...known, curve: [...curve.slice(0, place), ...bend, ...curve.slice(place)], corridor: CLOSED });
};

/** The curve cut off at the end of its session, its last point being the session's energy. */
export const closedCurve = (curve: Curve, endSec: number, energyWh: number): Curve => {
  const inside = curve.filter(([sec, wh]) => sec <= endSec && wh <= energyWh);
  const last = inside.at(-1);
  return last?.[0] === endSec && last[1] === energyWh ? inside : [...inside, [endSec, energyWh]];
};
