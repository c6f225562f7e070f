import { MINUTE_MS } from '../kernel/durations.ts';
import { KEEP_READINGS_MS } from './pass-time.ts';
import type { SiteState } from './site-state.ts';

/** What is not worth a write by itself: what was measured, and what follows from it. */
const readings: ReadonlySet<string> = new Set<keyof SiteState>([
  'rev',
  'guard',
  'demand',
  'otherW',
  'otherA',
  'departed',
  'arriving',
  'budget',
  'comparedAt',
]);

const withoutReadings = ({ sessions, ...state }: SiteState): unknown => ({
  ...Object.fromEntries(Object.entries(state).filter(([name]) => !readings.has(name))),
  sessions: sessions.map(({ samples, energyWh, socPercent, use, rev, profilesAt, suspendedAt, ...session }) => session),
});

/** Readings of a site that is over its limit are written this often: alerts are judged by the item. */
const OVER_LIMIT_MS = MINUTE_MS;

/**
 * Whether a state is to be written: a decision changed, or what was measured since the last write is minutes old.
 * `keptAt` is when the kept one was written, ms.
 */
export const isWorthWriting = (kept: SiteState, next: SiteState, keptAt: number, now: number): boolean => {
  if (JSON.stringify(withoutReadings(kept)) !== JSON.stringify(withoutReadings(next))) return true;
  return now - keptAt >= (next.overLimitAt === undefined ? KEEP_READINGS_MS : OVER_LIMIT_MS);
};
