import { MINUTE_MS } from '../kernel/durations.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { MinutesSpread } from '../kernel/state-change.ts';

/** The minutes of a spread, each with its even share of the energy: what a meter that reads every quarter-hour says of them. */
export const spreadMinutes = (spread: MinutesSpread): Minute[] => {
  const count = Math.round((spread.toAt - spread.fromAt) / MINUTE_MS);
  const energyWh = (spread.toWh - spread.fromWh) / count;
  return Array.from({ length: count }, (_, index) => ({
    startAt: spread.fromAt + index * MINUTE_MS,
    energyWh,
    samples: 0,
    ...omitUndefined({ socPercent: spread.socPercent, limitW: spread.limitW, sessionId: spread.sessionId }),
  }));
};
