import { SECOND_MS } from '../kernel/durations.ts';
import { REBOUND_SEC } from './event-metrics.ts';
import { RESTORE_RAMP_SEC, RESTORE_WINDOW_SEC } from './restore-steps.ts';

/**
 * How a station took what it was sent. 'sent': it is on its way, and nothing is known yet; 'refused': it could not be sent at
 * all; 'unreachable': it was offline, for as long as a command waits. Later: 'accepted'; 'rejected', by the station;
 * 'silent': it never answered.
 */
export type StationAnswer = 'sent' | 'refused' | 'unreachable' | 'accepted' | 'rejected' | 'silent';

/** The cap a station was last sent. */
export type SentCap = {
  readonly capW: number;
  /** When the event is over that it was sent for; of a return, when it was first decided, however often it is sent. */
  readonly endAt: number;
  /** Of a return: when what it takes back would have ended. Absent of one that cannot be sent at all. */
  readonly heldUntil?: number;
  readonly answer: StationAnswer;
  /** When it was sent, ms since the epoch. */
  readonly at: number;
  /** It returns without a delay of its own. */
  readonly isEmergency?: boolean;
  /** Commands that carry it; absent where it could not be sent. */
  readonly commandIds?: readonly string[];
  /** When the station answered, ms since the epoch. */
  readonly answeredAt?: number;
};

/** When a cap that was sent is over, ms since the epoch: a return counts once the station has answered it. */
const overAt = ({ endAt, heldUntil = endAt, answer }: SentCap): number =>
  answer === 'accepted' || answer === 'rejected' ? endAt : heldUntil;

/** Whether a station may hold a limit at an instant. */
export const mayHold = (sent: SentCap, at: number): boolean => overAt(sent) > at;

/**
 * Whether a return did not get through to a station that may hold its limit still. One that never answers is sent it for as long
 * as a rebound is watched: it may have taken it each time, and only its answers get lost.
 */
export const isReturnLost = (sent: SentCap, at: number): boolean =>
  sent.answer !== 'sent' &&
  mayHold(sent, at) &&
  (sent.answer !== 'silent' || at < sent.endAt + REBOUND_SEC * SECOND_MS);

/**
 * Whether the latest sample of a station may be of a load that its limit reduced: until it has returned, and for as long as a
 * sample from before that may be the latest (`freshMs`).
 */
export const mayBeReduced = (sent: SentCap, at: number, freshMs: number): boolean => {
  const returnSec = (sent.isEmergency ? 0 : RESTORE_WINDOW_SEC) + RESTORE_RAMP_SEC;
  return overAt(sent) + returnSec * SECOND_MS + freshMs > at;
};
