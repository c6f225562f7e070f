import { SECOND_MS } from '../kernel/durations.ts';

/** A meter's word takes this long to come through, beside its interval, s. */
const COMES_THROUGH_SEC = 10;
/** While it is new an event is looked at often, later every minute. */
const FIRST_MS = 60 * SECOND_MS;
const NEW_MS = 300 * SECOND_MS;
const CHECK_SEC = 60;
/**
 * The history of an execution has at most 25,000 events (a quota of Step Functions). So many of them are for checks once the
 * event is not new any more; the rest is for its first minutes, for what is tried again and for lifting the limits.
 */
const HISTORY_EVENTS = 12_000;
/** What a check adds to the history: a wait, a task and a choice. */
const CHECK_EVENTS = 9;
/** What sending adds, beside what each chunk does. */
const SENDING_EVENTS = 4;
const CHUNK_EVENTS = 7;

/** So long after a station was sent its cap a meter can say how it took it, s. */
export const judgedAfterSec = (meterIntervalSec: number): number => meterIntervalSec + COMES_THROUGH_SEC;

/** So long after the start a response counts as settled, s: whoever did not respond was seen, and the others were asked. */
export const settledAfterSec = (meterIntervalSec: number): number => 2 * judgedAfterSec(meterIntervalSec);

/** How soon meters are looked at after something was sent, s: twice per interval, so that no reading is missed. */
export const soonSec = (meterIntervalSec: number): number => Math.max(1, Math.ceil(meterIntervalSec / 2));

/** An event as far as it matters when it is looked at. Instants are ms since the epoch. */
export type RunningEvent = { readonly startAt: number; readonly endAt: number; readonly activatedAt: number };

/** What a check decided to send: chunks of stations, and whether they were planned anew. */
export type CheckSends = { readonly chunkCount: number; readonly isReplanned: boolean };

/** Events of history that a check and what it sends add. */
export const historyEventsOf = ({ chunkCount }: CheckSends): number =>
  CHECK_EVENTS + (chunkCount > 0 ? SENDING_EVENTS + CHUNK_EVENTS * chunkCount : 0);

/**
 * Seconds until the meters are looked at again: twice per interval, then once, after five minutes once a minute or less; soon
 * after a new plan. The more a check sends, and the longer the event, the later the next one, so that the history of its
 * execution holds all.
 */
export const nextCheckSec = (
  { startAt, endAt, activatedAt }: RunningEvent,
  meterIntervalSec: number,
  now: number,
  sends: CheckSends,
): number => {
  const leftSec = Math.ceil((endAt - now) / SECOND_MS);
  const affordedSec = Math.ceil(((endAt - startAt) / SECOND_MS) * (historyEventsOf(sends) / HISTORY_EVENTS));
  const ageMs = now - activatedAt;
  const isNew = ageMs < NEW_MS;
  const usualSec =
    sends.isReplanned || ageMs < FIRST_MS ? soonSec(meterIntervalSec) : isNew ? meterIntervalSec : CHECK_SEC;
  return Math.max(1, Math.min(isNew ? usualSec : Math.max(usualSec, affordedSec), leftSec));
};
