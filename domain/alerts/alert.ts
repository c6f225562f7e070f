import type { AlertId, ConditionKey } from './alert-id.ts';
import type { Severity } from './severity.ts';
import type { Subject } from './subject.ts';

/** What a rule found out, in figures: shown to people, never evaluated again. Quantities carry their unit in the name. */
export type AlertDetail = Readonly<Record<string, string | number | boolean>>;

/** What an operator is told, and what the bus carries. `id` is a function of the alert and of what happened to it. */
type AlertChangeOf<Type extends string> = { readonly type: Type; readonly id: string; readonly at: number };
export type AlertChange =
  | (AlertChangeOf<'AlertRaised'> & { readonly reopened: boolean })
  | (AlertChangeOf<'AlertEscalated'> & { readonly because: 'unacknowledged' | 'worsened' })
  | (AlertChangeOf<'AlertAcknowledged'> & { readonly by: string; readonly note?: string })
  | (AlertChangeOf<'AlertCleared'> & { readonly by: string; readonly note?: string });

/** One thing that happened rather than lasts: a reconnect, a tamper event. Kept to know repeats and to count. */
export type Seen = { readonly id: string; readonly at: number; readonly over?: true };

/** So many are kept: no rule can count more. */
export const SEEN_KEPT = 32;

/** The newest word of a source (see `Occurrence`). `holdUntil` is absent where it said that all is well. */
export type SourceWord = {
  readonly source: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly holdUntil?: number;
};

/** Who acted, when (ms), and what they had to say. */
export type Act = { readonly by: string; readonly at: number; readonly note?: string };

/** `by` of an alert that cleared itself. */
export const AUTOMATIC = 'wattstream';

/** What every alert has, wherever it stands in its life. */
export type AlertRecord = {
  readonly alertId: AlertId;
  readonly condition: ConditionKey;
  readonly rule: string;
  readonly subject: Subject;
  readonly severity: Severity;
  readonly summary: string;
  readonly detail: AlertDetail;
  /** When the condition of the first raise began: the occasion in `alertId`. */
  readonly since: number;
  readonly raises: number;
  /** Starts of the condition within the flapping window, newest last. */
  readonly starts: readonly number[];
  /** From the raise to the first acknowledgement, ms: stays when the alert is raised again. */
  readonly acknowledgedAfterMs?: number;
  /** Time spent open before the present raise, ms: what repair time is made of. */
  readonly openForMs: number;
  /** What occurrences (rather than a lasting state) of no source keep open until. */
  readonly holdUntil?: number;
  /** What is known of sources, told last at the end. */
  readonly sources?: readonly SourceWord[];
  /** Occurrences counted, newest last. */
  readonly seen: readonly Seen[];
  /** Version of the item last evaluated: an older image never decides after a newer one. */
  readonly version: number;
  readonly rev: number;
  /** What the last write decided. Consumers of the change stream read only this. */
  readonly outbox: readonly AlertChange[];
};

/**
 * Nobody has been told: the condition holds since `pendingSince`, but not yet for as long as its rule wants;
 * or occurrences were counted (`seen`), too few so far.
 */
export type PendingAlert = AlertRecord & { readonly phase: 'pending'; readonly pendingSince?: number };

type Raised = { readonly raisedAt: number; readonly escalatedAt?: number; readonly acknowledged?: Act };

/**
 * Raised: someone should know. The condition holds; or it does not, and the alert stays because of an occurrence (`holdUntil`)
 * or because it flaps: it is quiet since `quietSince`, but not yet for long enough. `worsenedAt`: since when it is as severe as
 * it is, where that is not since its raise.
 */
export type OpenAlert = AlertRecord &
  Raised & { readonly phase: 'open'; readonly worsenedAt?: number } & (
    | { readonly holds: true }
    | { readonly holds: false; readonly quietSince?: number }
  );

/**
 * Over: history, unless the condition returns soon enough to reopen it (pending again since `pendingSince`). One that was
 * cleared by hand while its condition held stays closed until the condition has been quiet once.
 */
export type ClearedAlert = AlertRecord &
  Raised & { readonly phase: 'cleared'; readonly cleared: Act } & (
    | { readonly holds: true }
    | { readonly holds: false; readonly pendingSince?: number }
  );

/** One alert (table "alerts", one item each, written conditionally on `rev`), by where it stands in its life. */
export type Alert = PendingAlert | OpenAlert | ClearedAlert;
