import type { Role } from '../domain/kernel/role.ts';
import type { CommandOutcome } from './command-outcome.ts';
import type { Payload } from './payload.ts';

/**
 * What sending a command a second time does, and so how it is queued.
 * - `one-shot`: a repeat does a second thing (starts a session, restarts, moves a lock), or its answer would mislead. Sent at
 *   most once; fails at once when the station is offline; its result is unknown when the connection is lost meanwhile.
 * - `idempotent`: a repeat leaves the charger as the first one did. Waits its turn, may be sent again until it expires.
 * - `latest-wins`: like idempotent, and a newer one for the same place (charging profiles) replaces one that still waits.
 */
export type CommandKind = 'one-shot' | 'idempotent' | 'latest-wins';

/** The least role that may ask for a command; an administrator may do what an operator may. */
export type CommandRole = Exclude<Role, 'viewer'>;

/**
 * One action the CSMS initiates: one file, one line in its version's index. The twin of `Action`.
 * The validators of its request and reply are found by its name (`request-errors.ts`): they weigh more than all the rest of
 * a gateway, which needs none of them.
 */
export type Command = {
  readonly name: string;
  readonly kind: CommandKind;
  /** Whether a request is one-shot although others of its action are not. */
  readonly isOnce?: (request: Payload) => boolean;
  /** How long the charger has to answer; after that its answer is no longer waited for. */
  readonly timeoutMs: number;
  readonly role: CommandRole;
  /** Whether this request is so grave that whoever asks must say so twice (a hard reset, new firmware). */
  readonly needsConfirmation?: (request: Payload) => boolean;
  /** What the whole reply means, malformed ones included. */
  readonly outcome: (reply: unknown) => CommandOutcome;
};

/** OCPP-J leaves the time-out to the implementation; this is what most chargers assume. */
export const USUAL_TIMEOUT_MS = 30_000;
/** For commands that make a charger write much (lists, certificates) or read much (its whole configuration). */
export const LONG_TIMEOUT_MS = 60_000;
