/**
 * How a command ended.
 * Accepted, Rejected, NotSupported: as the charger answered. Failed: an error in place of an answer, or known not to have
 * been sent. TimedOut: no answer in time. Unknown: the connection was lost before the answer. After TimedOut and Unknown
 * nobody knows whether the charger carried it out. Superseded: a newer decision took its place before it was sent, or sent
 * again. Expired: it could not be sent in time.
 */
export const finalCommandStates = [
  'Accepted',
  'Rejected',
  'NotSupported',
  'Failed',
  'TimedOut',
  'Unknown',
  'Superseded',
  'Expired',
] as const;
export type FinalCommandState = (typeof finalCommandStates)[number];

/** A command that has ended: what was asked of a charger, by whom, and what became of it. Instants are ms since the epoch. */
export type EndedCommand = {
  readonly commandId: string;
  readonly action: string;
  /** The OCPP version the payload and the reply are written in. */
  readonly ocpp: string;
  /** JSON text. */
  readonly payload: string;
  readonly state: FinalCommandState;
  readonly by: string;
  readonly why?: string;
  /** What the caller called the request. */
  readonly requestId?: string;
  readonly origin: 'outside' | 'internal';
  /** Of profile commands: the payload was written here, of a profile free of versions, with an id of our range. */
  readonly isWrittenHere?: true;
  readonly requestedAt: number;
  /** When it was last given out for sending; absent if it never was. */
  readonly sentAt?: number;
  /** Why it ended so, where the state alone does not say it. */
  readonly reason?: string;
  /** What the charger answered: JSON text. */
  readonly reply?: string;
};
