import { SECOND_MS } from '../kernel/durations.ts';
import { RESTORE_RAMP_SEC, RESTORE_WINDOW_SEC } from './restore-steps.ts';
import type { EventSpan } from './settlement-days.ts';

/** So long after its limits are lifted a zone draws what it wants, and has done so for the five minutes of a baseline. */
const QUIET_AFTER_MS = (RESTORE_WINDOW_SEC + RESTORE_RAMP_SEC + 300) * SECOND_MS;

/**
 * Since when a load has been limited that is limited at an instant, ms since the epoch: events that follow one another before
 * all have returned are one stretch. Baselines are made of what was drawn before it.
 */
export const limitedSince = (at: number, events: readonly EventSpan[]): number => {
  const earlier = events.filter(({ startAt, endAt }) => startAt < at && at - endAt < QUIET_AFTER_MS);
  return earlier.length === 0 ? at : limitedSince(Math.min(...earlier.map(({ startAt }) => startAt)), events);
};
