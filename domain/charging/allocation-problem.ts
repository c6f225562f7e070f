import type { GridPhase } from '../registry/electrics.ts';
import type { ControlledSession, ReservedLoad } from './controlled-session.ts';
import type { StrategyName } from './strategies/index.ts';

/**
 * What the allocator is asked: how much may this site use now, who wants it, and what else limits them.
 * Everything is as known at one instant; powers are W, currents A, voltages V, durations s. Nothing here names a clock.
 */
export type AllocationProblem = {
  readonly site: SiteSupply;
  /** Sessions whose limit we set. Their order does not matter. */
  readonly sessions: readonly ControlledSession[];
  /** Load that charges but takes no orders from us: subtracted from everything that names it. */
  readonly reserved?: readonly ReservedLoad[];
  readonly circuits?: readonly Circuit[];
  readonly phases?: PhaseSupply;
  /** Price tier: a soft limit that pauses nobody. */
  readonly tier?: PriceTier;
  /** Curtailments of the site that are in force; the most restrictive counts. */
  readonly curtailments?: readonly Curtailment[];
  readonly strategy: StrategyName;
  /** Time until the next allocation, s; 60 when absent. What a driver needs within it cannot wait. */
  readonly periodSec?: number;
  /** Who was admitted keeps its place for so long, s; 900 when absent. */
  readonly turnSec?: number;
};

export type SiteSupply = {
  /** What the grid connection carries. */
  readonly limitW: number;
  /** Share of the limit kept free, 0 to 1. */
  readonly marginShare?: number;
  readonly load: SiteLoad;
};

/**
 * What the rest of the site uses. 'measured': the total and the charging part of it at the same instant (their difference
 * is negative while the sun gives more than the building takes). 'unknown': the meter is silent, so chargers share a
 * budget that is safe whatever the building does.
 */
export type SiteLoad =
  | { readonly kind: 'measured'; readonly siteW: number; readonly chargingW: number }
  | { readonly kind: 'unknown'; readonly safeBudgetW: number };

/** A limit over some sessions: the sum of what they get stays at or below it. Circuits may nest and overlap. */
export type Circuit = {
  readonly id: string;
  /** What it stands for: a feeder, a cabinet with shared power modules, a contract maximum, a cap of demand response. */
  readonly kind: 'feeder' | 'cabinet' | 'contract' | 'dr-cap';
  readonly limitW: number;
  /** Ids of sessions and reserved loads behind it. */
  readonly members: readonly string[];
};

export type PhaseSupply = {
  /** Between phase and neutral. */
  readonly voltageV: number;
  /** Most current per phase, A. */
  readonly limitA: number;
  /** What the rest of the site draws per phase, A, where that is measured; 0 when absent. */
  readonly otherA?: Readonly<Record<GridPhase, number>>;
  /** Most by which the current of two phases may differ, A, where the grid operator limits it. */
  readonly unbalanceA?: number;
};

export type PriceTier = {
  readonly name: string;
  /** Share of the usable budget that is used in this tier, 0 to 1. */
  readonly factor: number;
};

/** 'share': so much less than a frozen baseline of the whole site. 'import-limit': so much from the grid at most. */
export type Curtailment =
  | {
      readonly kind: 'share';
      readonly signalId: string;
      readonly baselineW: number;
      readonly percent: number;
      /** Lifted to the sum of the minimums (CURTAIL of priority 2 or 3): it pauses nobody. */
      readonly keepsMinimums: boolean;
    }
  | { readonly kind: 'import-limit'; readonly signalId: string; readonly limitW: number };
