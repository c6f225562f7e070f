import type { GridPhase } from '../registry/electrics.ts';

/**
 * Signals: what building systems, price feeds, grid operators and drivers' apps tell about a site.
 *
 * One rule of freshness for all of them: a signal counts by the instant it is about (`at`), never by its arrival. Of two
 * signals about the same subject the one with the later instant holds; one from more than five minutes in the future is
 * refused. A meter reading counts for a minute (`meterStaleMs`); everything else until the end it names itself.
 */
type About = {
  readonly siteId: string;
  /** The instant it is about, ms. */
  readonly at: number;
  /** When it came in, ms. */
  readonly receivedAt: number;
  /** Who sent it: the identity the transport vouches for. */
  readonly by: string;
};

/** One EVSE, whatever car is on it. */
type OnEvse = { readonly stationId: string; readonly evseId: number };

/** The grid meter of a site: everything behind it, chargers included. */
export type SiteDemandMeasured = About & {
  readonly type: 'SiteDemandMeasured';
  /** Drawn from the grid, W; negative while the site exports. */
  readonly powerW: number;
  /** The chargers' part of it at the same instant, where the building system measures it. */
  readonly evPowerW?: number;
  /** Current of each phase of the connection, A. */
  readonly currentA?: Readonly<Partial<Record<GridPhase, number>>>;
};

/** A price from an instant on, until the next one begins or `to`. */
export type PriceSpan = {
  readonly from: number;
  readonly to?: number;
  readonly tier?: string;
  /** Currency units per kWh. */
  readonly perKwh?: number;
};

/** Prices: one that holds now (spot, or a change of tier) or a list for a day ahead. Replaces all prices known before. */
export type PricesPublished = About & {
  readonly type: 'PricesPublished';
  /** ISO 4217. */
  readonly currency?: string;
  readonly prices: readonly PriceSpan[];
};

/** What a limit is about. */
export type LimitScope =
  | { readonly kind: 'site' }
  | { readonly kind: 'feeder'; readonly feederId: string }
  | { readonly kind: 'phases' }
  /** What one station may draw: its share in a demand-response event. */
  | { readonly kind: 'station'; readonly stationId: string };

/** A limit for a time, beside the configured one: the lower one of both counts. */
export type SiteLimitSet = About & {
  readonly type: 'SiteLimitSet';
  readonly scope: LimitScope;
  /** W, of a site, a feeder or a station; A, of each phase. Absent: the limit is taken back. */
  readonly limit?: number;
  readonly from: number;
  readonly to?: number;
  /** Whose limit it is, where the door says so: see `limitSource`. */
  readonly source?: string;
};

/** What a driver offers per kWh: the weight of the car under strategy 'bid-weighted'. */
export type BidSet = About & OnEvse & { readonly type: 'BidSet'; readonly perKwh: number; readonly currency: string };

/** 1 is served first. */
export type PrioritySet = About & OnEvse & { readonly type: 'PrioritySet'; readonly priority: number };

/** When the car leaves and what it needs until then. */
export type DepartureSet = About &
  OnEvse & {
    readonly type: 'DepartureSet';
    readonly departureAt: number;
    /** What the session is to deliver until then, from its start. */
    readonly energyWh?: number;
    /** When the wish ends without a car to use it, ms. */
    readonly expiresAt: number;
  };

/**
 * A driver does not take part: price tiers do not reduce what the car gets; the limits of site and feeders, and caps of
 * events, hold all the same.
 */
export type OptOutSet = About &
  OnEvse & { readonly type: 'OptOutSet'; readonly optedOut: boolean; readonly reason?: string };

export type SiteSignal =
  | SiteDemandMeasured
  | PricesPublished
  | SiteLimitSet
  | BidSet
  | PrioritySet
  | DepartureSet
  | OptOutSet;

export type SignalType = SiteSignal['type'];

/** A clock may run ahead this far; what lies further ahead is refused. */
export const FUTURE_MS = 5 * 60_000;

const limitSubject = (scope: LimitScope): string => {
  switch (scope.kind) {
    case 'feeder':
      return `limit ${scope.feederId}`;
    case 'station':
      return `limit of station ${scope.stationId}`;
    case 'site':
    case 'phases':
      return `limit of ${scope.kind}`;
  }
};

/** What a signal is about, as text: of two with the same subject the later instant holds. */
export const signalSubject = (signal: SiteSignal): string => {
  switch (signal.type) {
    case 'SiteDemandMeasured':
    case 'PricesPublished':
      return signal.type;
    case 'SiteLimitSet':
      return limitSubject(signal.scope);
    case 'BidSet':
    case 'PrioritySet':
    case 'DepartureSet':
    case 'OptOutSet':
      return `${signal.type} ${signal.stationId}/${signal.evseId}`;
  }
};
