/**
 * How a station took what it was sent. 'sent': it is on its way, and nothing is known yet; 'refused': it could not be sent at
 * all; 'unreachable': it was offline, for as long as a command waits. Later: 'accepted'; 'rejected', by the station; 'silent': it never answered.
 */
export type StationAnswer = 'sent' | 'refused' | 'unreachable' | 'accepted' | 'rejected' | 'silent';

/** The cap a station was last sent. */
export type SentCap = {
  readonly capW: number;
  /** When the event is over that it was sent for; of a return, when it was decided. */
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

/** Whether a station may hold a limit at an instant: its return counts once it has answered it. */
export const mayHold = ({ endAt, heldUntil = endAt, answer }: SentCap, at: number): boolean =>
  endAt > at || (heldUntil > at && answer !== 'accepted' && answer !== 'rejected');

/** Whether a return did not get through to a station that may hold its limit still. */
export const isReturnLost = (sent: SentCap, at: number): boolean => sent.answer !== 'sent' && mayHold(sent, at);
