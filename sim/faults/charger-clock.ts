import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStation } from './fault.ts';

/**
 * Steps that orders and windows have to bear at once (TOLERATED_MS of domain/station/clock.ts). A clock that jumps by hours is
 * learned from its next eight messages only: until then its stamps may end a session before it began, and nobody can know better.
 */
const stepsMs: readonly [number, ...number[]] = [-4 * MINUTE_MS, -40 * SECOND_MS, 40 * SECOND_MS, 4 * MINUTE_MS];
const INSTANT = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g;

export const chargerClock: Fault = {
  name: 'charger-clock',
  about: 'The clock of a charger jumps by up to minutes, is wrong for a while, and jumps back.',
  often: { rough: 0.5, storm: 1 },
  lastsMs: [5 * MINUTE_MS, 2 * HOUR_MS],
  strike: ({ doubt, ...target }, chance) => {
    const wrong = someStation({ doubt, ...target }, chance);
    const byMs = chance.pick(stepsMs);
    doubt(wrong, 'clock');
    return {
      says: ({ stationId, text }) =>
        stationId === wrong
          ? text.replace(INSTANT, (_, instant: string) => `"${new Date(Date.parse(instant) + byMs).toISOString()}"`)
          : text,
    };
  },
};
