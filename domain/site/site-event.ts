import type { FinalCommandState } from '../kernel/ended-command.ts';
import type { Conductors } from '../session/used-conductors.ts';
import type { SiteSignal } from './site-signal.ts';
import type { ToldLimits } from './told-limits.ts';

/** A connector of a site as far as sharing its power needs it. */
export type SiteConnector = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  /** Revision of the connector's item: an older image never replaces a newer one. */
  readonly rev: number;
  readonly isOffline: boolean;
  /** What its station falls back to by default profiles, W; absent where it holds none of ours, or where it cannot be told. */
  readonly fallbackW?: number;
  /** Since when a car is plugged in that has no session yet, ms. */
  readonly awaitsSessionSince?: number;
  readonly session?: {
    readonly sessionId: string;
    readonly transactionId: string;
    readonly startedAt: number;
    /** When it was last measured, ms. */
    readonly sampledAt?: number;
    readonly powerW?: number;
    readonly energyWh: number;
    readonly socPercent?: number;
    /** What its car draws from, where fewer conductors than the connector has. */
    readonly conductors?: Conductors;
    /** The car itself does not take power. */
    readonly isSuspendedByCar: boolean;
  } & ToldLimits;
};

/** How a setpoint that was asked for ended. */
export type CommandOutcome = {
  readonly stationId: string;
  readonly evseId: number;
  /** Of the decision it came from. */
  readonly version: number;
  readonly state: FinalCommandState;
  /** When it was sent, as far as that is known, ms. */
  readonly sentAt?: number;
  /** ms since the epoch. */
  readonly at: number;
};

/** What can happen to a site. */
export type SiteEvent =
  | { readonly type: 'signalled'; readonly signal: SiteSignal }
  | { readonly type: 'connector-changed'; readonly connector: SiteConnector }
  | { readonly type: 'setpoint-ended'; readonly outcome: CommandOutcome }
  /** All connectors with a session, as the tables have them: what was missed is made good. */
  | { readonly type: 'compared'; readonly connectors: readonly SiteConnector[]; readonly at: number };
