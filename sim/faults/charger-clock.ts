import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStation } from './fault.ts';

/** Orders and windows have to bear steps of minutes at once (TOLERATED_MS of domain/station/clock-learned.ts). */
const stepsMs = [
  -20 * HOUR_MS,
  -HOUR_MS,
  -4 * MINUTE_MS,
  -40 * SECOND_MS,
  40 * SECOND_MS,
  4 * MINUTE_MS,
  HOUR_MS,
  20 * HOUR_MS,
] as const;
const INSTANT = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g;

export const chargerClock: Fault = {
  name: 'charger-clock',
  about: 'The clock of a charger jumps by seconds to most of a day, is wrong for a while, and jumps back.',
  often: { rough: 0.5, storm: 1 },
  lastsMs: [5 * MINUTE_MS, 2 * HOUR_MS],
  strike: ({ doubt, ...target }, chance) => {
    const wrong = someStation({ doubt, ...target }, chance);
    const byMs = chance.pick(stepsMs);
    doubt(wrong, 'clock');
    if (Math.abs(byMs) >= HOUR_MS) doubt(wrong, 'date');
    return {
      says: ({ stationId, text }) =>
        stationId === wrong
          ? text.replace(INSTANT, (_, instant: string) => `"${new Date(Date.parse(instant) + byMs).toISOString()}"`)
          : text,
    };
  },
};
