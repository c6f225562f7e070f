import type { EndedCommand, FinalCommandState } from '../kernel/ended-command.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ProfileDecision } from './profile-slot.ts';
import { withoutSecrets } from './without-secrets.ts';

/** An OCPP call as it goes on the wire, without its message id. */
export type CommandCall = {
  readonly action: string;
  /** JSON text: what was asked for is what is sent, to the byte. */
  readonly payload: string;
  /** How long the charger may take to answer. */
  readonly timeoutMs: number;
};

/** A request to a charger, accepted for its mailbox. */
export type Command = CommandCall & {
  /** Unique at its station, at most 30 characters; sorts as text by the time of the request. */
  readonly commandId: string;
  /** The OCPP version the payload is written in. */
  readonly ocpp: string;
  /** Identity of the caller, as the transport vouches for it. */
  readonly by: string;
  readonly why?: string;
  /** What the caller calls this request. */
  readonly requestId?: string;
  /** 'internal': our own control loops, which the rate limit of callers does not concern. */
  readonly origin: 'outside' | 'internal';
  /** Of profile commands: the payload was written here, of a profile free of versions, with an id of our range. */
  readonly isWrittenHere?: true;
  /** ms since the epoch. */
  readonly requestedAt: number;
  /** ms since the epoch: from here on it is not sent any more. */
  readonly expiresAt: number;
} & Delivery;

/**
 * How often a command may go on the wire.
 * One-shot: at most once, whatever happens. Idempotent: again after a lost connection, until it expires.
 * Latest-wins: like idempotent, waits for a station that is offline, and gives way to newer decisions about its slots.
 */
export type Delivery =
  | { readonly kind: 'one-shot' }
  | { readonly kind: 'idempotent' }
  | {
      readonly kind: 'latest-wins';
      readonly decision: ProfileDecision;
      /** Asks the charger what holds when it did not answer in time. */
      readonly probe?: CommandCall;
    };

/** How a command stands that has not ended. */
export type OpenCommandState = 'Queued' | 'Sent';

export type CommandState = OpenCommandState | FinalCommandState;

const openStates: readonly CommandState[] = ['Queued', 'Sent'];

export const isFinal = (state: CommandState): state is FinalCommandState => !openStates.includes(state);

/** One command with how it stands: what its history says. Secrets in its payload and reply are hidden (`withoutSecrets`). */
export type CommandRecord = {
  readonly command: Command;
  readonly state: CommandState;
  /** When it came to this state, ms since the epoch. */
  readonly at: number;
  /** How often it was given out for sending. */
  readonly attempts: number;
  /** Message id of the last attempt. */
  readonly messageId?: string;
  /** When the last attempt was given out for sending, ms since the epoch. */
  readonly sentAt?: number;
  /** Why it ended, where the state alone does not say it. */
  readonly reason?: string;
  /** What the charger answered: JSON text. */
  readonly reply?: string;
};

/** What is told of a command that has ended; undefined while it has not. Records of earlier versions may hold secrets. */
export const endedCommandOf = ({ command, state, sentAt, reason, reply }: CommandRecord): EndedCommand | undefined => {
  if (!isFinal(state)) return undefined;
  const { commandId, action, ocpp, by, why, requestId, origin, requestedAt, isWrittenHere } = command;
  const said = { commandId, action, ocpp, payload: withoutSecrets(command.payload), state, by, origin, requestedAt };
  const answered = { reason: reason && withoutSecrets(reason), reply: reply && withoutSecrets(reply) };
  return { ...said, ...omitUndefined({ why, requestId, sentAt, ...answered, isWrittenHere }) };
};
