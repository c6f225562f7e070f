import type { AlertId, ConditionKey } from './alert-id.ts';
import type { Severity } from './severity.ts';
import type { Subject } from './subject.ts';

/** What a rule found out, in figures: shown to people, never judged again. Quantities carry their unit in the name. */
export type AlertDetail = Readonly<Record<string, string | number | boolean>>;

/** What an operator is told, and what the bus carries. `id` is a function of the alert and of what happened to it. */
type AlertChangeOf<Type extends string> = { readonly type: Type; readonly id: string; readonly at: number };
export type AlertChange =
  | (AlertChangeOf<'AlertRaised'> & { readonly reopened: boolean })
  | (AlertChangeOf<'AlertEscalated'> & { readonly because: 'unacknowledged' | 'worsened' })
  | (AlertChangeOf<'AlertAcknowledged'> & { readonly by: string; readonly note?: string })
  | (AlertChangeOf<'AlertCleared'> & { readonly by: string; readonly note?: string });

/** One thing that happened rather than lasts: a reconnect, a tamper event. Kept to know repeats and to count. */
export type Seen = { readonly id: string; readonly at: number };

/** `by` of an alert that cleared itself. */
export const AUTOMATIC = 'wattstream';

/**
 * One alert (table "alerts", one item each, written conditionally on `rev`).
 *
 * pending: the condition holds, but not yet for as long as its rule wants; nobody has been told.
 * open:    raised; someone should know.
 * cleared: over; history, unless the condition returns soon enough to reopen it.
 */
export type Alert = {
  readonly alertId: AlertId;
  readonly condition: ConditionKey;
  readonly rule: string;
  readonly subject: Subject;
  readonly severity: Severity;
  readonly phase: 'pending' | 'open' | 'cleared';
  readonly summary: string;
  readonly detail: AlertDetail;
  /** When the condition of the first raise began: the occasion in `alertId`. */
  readonly since: number;
  /** Whether the condition held when it was last judged. An alert cleared by hand may outlive its clearing in this. */
  readonly holds: boolean;
  /** When a condition that wants a dwell began to hold, until it is raised. */
  readonly pendingSince?: number | undefined;
  readonly raisedAt?: number | undefined;
  readonly raises: number;
  /** Starts of the condition within the flapping window, newest last. */
  readonly starts: readonly number[];
  readonly escalatedAt?: number | undefined;
  readonly acknowledged?: { readonly at: number; readonly by: string; readonly note?: string } | undefined;
  /** From the raise to the first acknowledgement, ms: stays when the alert is raised again. */
  readonly acknowledgedAfterMs?: number | undefined;
  readonly cleared?: { readonly at: number; readonly by: string; readonly note?: string } | undefined;
  /** Time spent open before the present raise, ms: what repair time is made of. */
  readonly openForMs: number;
  /** Flapping: the condition is quiet since, but the alert stays until it has been quiet for long enough. */
  readonly quietSince?: number | undefined;
  /** What an occurrence (rather than a lasting state) keeps open until. */
  readonly holdUntil?: number | undefined;
  /** Occurrences counted, newest last. */
  readonly seen: readonly Seen[];
  /** Version of the item last judged: an older image never decides after a newer one. */
  readonly version: number;
  readonly rev: number;
  /** What the last write decided. Consumers of the change stream read only this. */
  readonly outbox: readonly AlertChange[];
};
