import { SECOND_MS } from '../kernel/durations.ts';

/** A meter's word takes this long to come through, beside its interval, s. */
const COMES_THROUGH_SEC = 10;
/** While it is new an event is looked at often, later every minute. */
const FIRST_MS = 60 * SECOND_MS;
const NEW_MS = 300 * SECOND_MS;
const CHECK_SEC = 60;
/** So many checks of an event at most: the history of an execution has a limit. */
const MOST_CHECKS = 1_200;

/** So long after a station was sent its cap a meter can say how it took it, s. */
export const judgedAfterSec = (meterIntervalSec: number): number => meterIntervalSec + COMES_THROUGH_SEC;

/** So long after the start a response counts as settled, s: whoever did not respond was seen, and the others were asked. */
export const settledAfterSec = (meterIntervalSec: number): number => 2 * judgedAfterSec(meterIntervalSec);

/** How soon meters are looked at after something was sent, s: twice per interval, so that no reading is missed. */
export const soonSec = (meterIntervalSec: number): number => Math.max(1, Math.ceil(meterIntervalSec / 2));

/** An event as far as it matters when it is looked at. Instants are ms since the epoch. */
export type RunningEvent = { readonly startAt: number; readonly endAt: number; readonly activatedAt: number };

/** Seconds until the meters are looked at again: twice per interval, then once, after five minutes once a minute or less. */
export const nextCheckSec = (
  { startAt, endAt, activatedAt }: RunningEvent,
  meterIntervalSec: number,
  now: number,
): number => {
  const leftSec = Math.ceil((endAt - now) / SECOND_MS);
  const stretchedSec = Math.ceil((endAt - startAt) / SECOND_MS / MOST_CHECKS);
  const ageMs = now - activatedAt;
  const usualSec =
    ageMs < FIRST_MS
      ? soonSec(meterIntervalSec)
      : ageMs < NEW_MS
        ? meterIntervalSec
        : Math.max(CHECK_SEC, stretchedSec);
  return Math.max(1, Math.min(usualSec, leftSec));
};
