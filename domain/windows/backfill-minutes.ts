import { MINUTE_MS } from '../kernel/durations.ts';
import type { Minute } from '../kernel/minute.ts';
import type { ReadingBackfilled } from '../kernel/state-change.ts';

type Point = { readonly at: number; readonly energyWh: number };

/** Energy of the straight line between two readings that falls into [fromAt, toAt). */
const lineWh = (start: Point, end: Point, fromAt: number, toAt: number): number => {
  const ms = Math.min(end.at, toAt) - Math.max(start.at, fromAt);
  return ms <= 0 ? 0 : ((end.energyWh - start.energyWh) * ms) / (end.at - start.at);
};

const neighbours = (change: ReadingBackfilled, minutes: readonly Minute[]): { before: Point; after: Point } => {
  let { before, after } = change;
  for (const { registerAt, registerWh, sessionId } of minutes) {
    if (registerAt === undefined || registerWh === undefined || sessionId !== change.sessionId) continue;
    if (registerAt <= change.at && registerAt > before.at) before = { at: registerAt, energyWh: registerWh };
    if (registerAt > change.at && registerAt < after.at) after = { at: registerAt, energyWh: registerWh };
  }
  return { before, after };
};

/** The minutes a late reading may touch: those to read before `backfillMinutes`. */
export const backfillRange = ({ before, after }: ReadingBackfilled): { fromAt: number; toAt: number } => ({
  fromAt: Math.floor(before.at / MINUTE_MS) * MINUTE_MS,
  toAt: Math.floor(after.at / MINUTE_MS) * MINUTE_MS + MINUTE_MS,
});

/**
 * Minutes changed by a reading that arrived out of order. Between its true neighbours (the readings next to it, which
 * the minutes remember) the straight line becomes two; their sum stays what it was, so the session's energy does too.
 * A minute not among `minutes` is either still open, where the connector's own item knows better, or never was: it is left alone.
 */
export const backfillMinutes = (change: ReadingBackfilled, minutes: readonly Minute[]): Minute[] => {
  const { before, after } = neighbours(change, minutes);
  if (before.at === change.at || after.at <= before.at) return [];
  const reading: Point = {
    at: change.at,
    // A register that fell is no witness: it is held between its neighbours.
    energyWh: Math.min(Math.max(change.energyWh, before.energyWh), after.energyWh),
  };
  const changed: Minute[] = [];
  let owedWh = 0;
  for (const minute of minutes) {
    const toAt = minute.startAt + MINUTE_MS;
    if (toAt <= before.at || minute.startAt >= after.at) continue;
    const delta =
      lineWh(before, reading, minute.startAt, toAt) +
      lineWh(reading, after, minute.startAt, toAt) -
      lineWh(before, after, minute.startAt, toAt);
    const holds = reading.at >= minute.startAt && reading.at < toAt;
    // Several readings within a neighbour's minute can make the line cut deeper than the minute is; the rest follows later.
    const energyWh = minute.energyWh + delta + owedWh;
    owedWh = Math.min(0, energyWh);
    const { meanW: _, ...rest } = minute;
    changed.push({
      ...rest,
      energyWh: Math.max(0, energyWh),
      samples: minute.samples + (holds ? 1 : 0),
      ...(holds && (minute.registerAt ?? Number.NEGATIVE_INFINITY) < reading.at
        ? { registerAt: reading.at, registerWh: reading.energyWh }
        : {}),
    });
  }
  return changed;
};
