import type { FinalCommandState } from '../kernel/ended-command.ts';
import type { Command, CommandRecord } from './command.ts';
import type { ProfileDecision } from './profile-slot.ts';
import type { RateWindow } from './rate-window.ts';

/** A call whose connection was lost before its answer: it may have arrived. */
export type LostCall = { readonly messageId: string; readonly sentAt: number };

/** A command that waits for its turn, and how often it was given out for sending before. */
export type Waiting = {
  readonly command: Command;
  readonly attempts: number;
  /** The last attempt that may have arrived; absent if none did. */
  readonly lost?: LostCall;
};

/** The one call that is on the wire, or about to be. */
export type Outstanding = Waiting & {
  readonly messageId: string;
  readonly connectionId: string;
  /** When that connection was opened, ms since the epoch. */
  readonly connectedAt: number;
  readonly sentAt: number;
  /** ms since the epoch: from here on the answer comes too late. */
  readonly deadlineAt: number;
};

/** A decision about profiles and how long an older one could still arrive. */
export type RememberedDecision = ProfileDecision & { readonly until: number };

/**
 * The commands of one station: at most one is outstanding, the others wait in order.
 * It is one item of the store, written on condition that its revision is still the one that was read. Only the caller whose
 * write succeeds may send what `send` says, so there is one outstanding call whatever runs at the same time.
 */
export type MailboxState = {
  readonly rev: number;
  readonly queue: readonly Waiting[];
  readonly outstanding?: Outstanding;
  /** The newest decisions about profiles, sent or not. */
  readonly decided: readonly RememberedDecision[];
  readonly asked?: RateWindow;
  /** When to look whether what waits can be sent, ms since the epoch. */
  readonly wakeAt?: number;
  /** The connection that was found gone last: whoever says it is open has not heard of its end. Nothing is sent on it before `until`. */
  readonly gone?: { readonly connectionId: string; readonly until: number };
};

/** A connection of the station, as the caller of `mailbox` knows it. */
export type Connection = {
  readonly connectionId: string;
  readonly ocpp: string;
  /** When it was opened, ms since the epoch. */
  readonly openedAt: number;
};

/** How a charger's answer is to be read, and its JSON text. */
export type Answered = {
  readonly state: Extract<FinalCommandState, 'Accepted' | 'Rejected' | 'NotSupported' | 'Failed'>;
  readonly reason?: string;
  readonly reply?: string;
};

export type MailboxEvent =
  | { readonly type: 'requested'; readonly command: Command }
  | { readonly type: 'replied'; readonly messageId: string; readonly answered: Answered }
  /** The connection given is new: what was sent on another one gets no answer any more, and nothing is sent on it in this step. */
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected'; readonly connectionId: string }
  /** A call certainly did not reach the wire: its connection was gone. */
  | { readonly type: 'unsent'; readonly messageId: string }
  /** Time has passed. */
  | { readonly type: 'woken' };

/** Why a request was not taken into the mailbox. Nothing is kept of it. */
export type Refusal = 'offline' | 'expired' | 'rate-limited' | 'queue-full';

/** A call to put on the wire, exactly once, by the one whose write was taken. */
export type Outgoing = {
  readonly messageId: string;
  readonly connectionId: string;
  readonly action: string;
  readonly payload: string;
};

export type MailboxStep = {
  /** The same reference if nothing changed: there is nothing to write then. */
  readonly state: MailboxState;
  /** Commands that came to another state, in order; a command may be named twice. */
  readonly records: readonly CommandRecord[];
  readonly send?: Outgoing;
  readonly refused?: Refusal;
};

export const emptyMailbox: MailboxState = { rev: 0, queue: [], decided: [] };

/** When time alone will change something in a mailbox, ms since the epoch: a 'woken' event is due then. */
export const dueAt = ({ outstanding, wakeAt, queue }: MailboxState): number | undefined => {
  const instants = [outstanding?.deadlineAt, wakeAt, ...queue.map(({ command }) => command.expiresAt)];
  const due = instants.filter((instant) => instant !== undefined);
  return due.length === 0 ? undefined : Math.min(...due);
};
