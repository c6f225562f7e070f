import { HOUR_MS, LONGEST_SESSION_MS, MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { MinuteClosed, MinutesCorrected, MinutesSpread, StateChange } from '../kernel/state-change.ts';
import { energyBySlot } from '../session/energy-by-slot.ts';
import { energyAt, roundWh, secondsIn } from '../session/meter-curve.ts';

/** What one write of a connector tells of minutes. */
export type ToldMinutes = {
  /** Minutes with all their measures. */
  readonly whole: readonly Minute[];
  /** Minutes of which the energy is told anew; their other measures stay what they were. */
  readonly corrected: readonly Minute[];
};

/** The hour from which a session that lasts until `toAt` is told: an hour of its record, where hours before are summed up. */
const toldFrom = (toAt: number): number => Math.floor((toAt - 1 - LONGEST_SESSION_MS) / HOUR_MS) * HOUR_MS;

/**
 * The minutes of a spread, each with its even share of the energy: what a meter that reads every quarter-hour says of them.
 * One that is longer than as much of a session as is told at all is told as its last part, with all of the energy.
 */
export const spreadMinutes = (spread: MinutesSpread): Minute[] => {
  const fromAt = Math.max(spread.fromAt, toldFrom(spread.toAt));
  const count = Math.round((spread.toAt - fromAt) / MINUTE_MS);
  const energyWh = (spread.toWh - spread.fromWh) / count;
  return Array.from({ length: count }, (_, index) => ({
    startAt: fromAt + index * MINUTE_MS,
    energyWh,
    samples: 0,
    ...omitUndefined({ socPercent: spread.socPercent, limitW: spread.limitW, sessionId: spread.sessionId }),
  }));
};

/**
 * The minutes of a correction, by the curve it carries; each holds as many samples as the curve has points in it. What was
 * delivered before the longest time that is told stands in the first minute, as it stands in the first hour of the record.
 */
const correctedMinutes = ({ sessionId, startedAt, fromAt: from, toAt, curve }: MinutesCorrected): Minute[] => {
  const fromAt = Math.max(from, toldFrom(toAt));
  const beforeWh = from < fromAt ? energyAt(curve, secondsIn(startedAt, fromAt)) : 0;
  const samples = new Map<number, number>();
  for (const [sec] of curve) {
    const startAt = Math.floor((startedAt + sec * SECOND_MS) / MINUTE_MS) * MINUTE_MS;
    samples.set(startAt, (samples.get(startAt) ?? 0) + 1);
  }
  return energyBySlot(curve, startedAt, MINUTE_MS, fromAt, toAt).map(({ startAt, energyWh }, index) => ({
    startAt,
    energyWh: index === 0 ? roundWh(energyWh + beforeWh) : energyWh,
    samples: samples.get(startAt) ?? 0,
    sessionId,
  }));
};

const nameOf = ({ startAt, sessionId = '' }: Minute): string => `${sessionId}@${startAt}`;

/** A minute with its energy told anew. Its mean power follows from that again. */
export const withEnergyOf = ({ meanW: _, ...known }: Minute, { energyWh, samples }: Minute): Minute => ({
  ...known,
  energyWh,
  samples: Math.max(known.samples, samples),
});

type MinuteChange = MinuteClosed | MinutesSpread | MinutesCorrected;

const isOfMinutes = (change: StateChange): change is MinuteChange =>
  change.type === 'MinuteClosed' || change.type === 'MinutesSpread' || change.type === 'MinutesCorrected';

const minutesIn = (change: MinuteChange): readonly Minute[] => {
  if (change.type === 'MinuteClosed') return [change.minute];
  return change.type === 'MinutesSpread' ? spreadMinutes(change) : [];
};

/** What an outbox tells of minutes, session by session: an outbox of many long sessions is worked off one at a time. */
export const minuteChangesBySession = (outbox: readonly StateChange[]): Iterable<readonly MinuteChange[]> =>
  Map.groupBy(outbox.filter(isOfMinutes), (change) =>
    change.type === 'MinuteClosed' ? change.minute.sessionId : change.sessionId,
  ).values();

const endOf = (change: MinuteChange): number => (change.type === 'MinuteClosed' ? change.minute.startAt : change.toAt);

/** The minutes changes tell of: of each the last word, whichever kind of change it stands in. Older ones than the longest session has are left out. */
export const toldMinutes = (changes: readonly MinuteChange[]): ToldMinutes => {
  const firstAt = toldFrom(changes.reduce((lastAt, change) => Math.max(lastAt, endOf(change)), 0));
  const whole = new Map<string, Minute>();
  const corrected = new Map<string, Minute>();
  for (const change of changes) {
    for (const minute of minutesIn(change)) {
      if (minute.startAt < firstAt) continue;
      whole.set(nameOf(minute), minute);
      corrected.delete(nameOf(minute));
    }
    if (change.type !== 'MinutesCorrected') continue;
    for (const minute of correctedMinutes(change)) {
      if (minute.startAt < firstAt) continue;
      const name = nameOf(minute);
      const known = whole.get(name);
      if (known) whole.set(name, withEnergyOf(known, minute));
      else corrected.set(name, minute);
    }
  }
  return { whole: [...whole.values()], corrected: [...corrected.values()] };
};
