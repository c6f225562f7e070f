import type { GridPhase } from '../registry/electrics.ts';

/** Who gets how much, and why. */
export type Allocation = {
  /** What cars may use at this connection: limit less margin, other load and reserved loads. */
  readonly budgetW: number;
  /** The budget after curtailments and price tier: the sum of all setpoints stays at or below it. */
  readonly effectiveBudgetW: number;
  /** What limits may sum up to while cars take less than theirs: the effective budget, but for what no car can take. */
  readonly capacityW: number;
  /** What made the effective budget as low as it is. */
  readonly budgetReason: BudgetReason;
  /** One per session, in the order of the problem. */
  readonly setpoints: readonly Setpoint[];
  /** Ids of the sessions that get nothing, sorted. */
  readonly paused: readonly string[];
  /** All limits the setpoints keep together, the site first: what a sender of commands must keep too. */
  readonly constraints: readonly Constraint[];
};

export type Setpoint = {
  readonly id: string;
  /** What it may draw, W; 0 is paused. */
  readonly limitW: number;
  /** The least it charges with and the most it can use, W, and the step its limits are multiples of. */
  readonly minW: number;
  readonly maxW: number;
  readonly stepW: number;
  /** The phases it is to use; absent for direct current. */
  readonly phases?: readonly GridPhase[];
  /** Why it is not more first, then what else shaped it; never empty. */
  readonly reasons: readonly [Reason, ...Reason[]];
};

/** What set the effective budget. */
export type BudgetReason =
  | { readonly kind: 'budget' }
  | { readonly kind: 'fallback' }
  | { readonly kind: 'tier'; readonly tier: string }
  | { readonly kind: 'dr-event'; readonly signalId: string };

/**
 * Why a setpoint is what it is. `pause` says that the minimum did not fit, `rotation` that somebody waits while another
 * charges its turn out, or goes on because its turn is not over.
 */
export type Reason =
  | BudgetReason
  | { readonly kind: 'rating' }
  | { readonly kind: 'taper' }
  | { readonly kind: 'unused' }
  | { readonly kind: 'minimum' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'rotation' }
  | { readonly kind: 'bid'; readonly bid: number }
  | { readonly kind: 'priority'; readonly priority: number }
  | { readonly kind: 'departure' }
  | { readonly kind: 'solar' }
  | { readonly kind: 'single-phase'; readonly phase: GridPhase }
  | { readonly kind: 'feeder' | 'cabinet' | 'contract' | 'dr-cap'; readonly id: string }
  | { readonly kind: 'phase'; readonly phase: GridPhase }
  | { readonly kind: 'unbalance'; readonly phase: GridPhase };

/** `sum of factor x limitW of the members <= capacity`; for a site or circuit every factor is 1 and the capacity W. */
export type Constraint = {
  readonly reason: Reason;
  readonly capacity: number;
  /** Ids of sessions. */
  readonly members: readonly string[];
  /** What one watt of each member weighs; absent: 1. */
  readonly factors?: readonly number[];
};
