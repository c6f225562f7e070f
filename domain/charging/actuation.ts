import type { Allocation, Reason } from './allocation.ts';

/** What is known of the limit of one session at its station. Instants are ms since the epoch. */
export type LimitState = {
  readonly id: string;
  /** What holds at the station when nothing else does (its TxDefault profile), W. */
  readonly fallbackW: number;
  /** What the station last accepted. `validUntil` absent: until the transaction ends. */
  readonly accepted?: { readonly limitW: number; readonly at: number; readonly validUntil?: number };
  /** What was sent and not answered yet, or answered by nothing: it may hold or not. */
  readonly inFlight?: { readonly limitW: number; readonly sentAt: number; readonly validUntil?: number };
  /** What the station last refused, until it accepts something. */
  readonly refused?: { readonly limitW: number; readonly at: number };
  /** Commands sent in this session, without refreshes. */
  readonly commandsSent: number;
  readonly lastSentAt?: number;
};

/** A limit to send now. */
export type LimitCommand = {
  readonly id: string;
  readonly limitW: number;
  /** Absent: it holds until the transaction ends. */
  readonly validUntil?: number;
  readonly change: 'decrease' | 'increase' | 'refresh';
  readonly reasons: readonly Reason[];
};

/** Why a setpoint that differs from what the station holds is not sent now. */
export type Held = {
  readonly id: string;
  readonly limitW: number;
  readonly because: 'awaits-decreases' | 'small' | 'interval' | 'in-flight' | 'refused';
};

export type ActuationPlan = {
  /** In the order to send them: decreases first. */
  readonly commands: readonly LimitCommand[];
  readonly held: readonly Held[];
  /** When time alone changes the plan, ms since the epoch. */
  readonly dueAt?: number;
};

export type ActuationInput = {
  readonly allocation: Allocation;
  readonly limits: readonly LimitState[];
  readonly now: number;
};
