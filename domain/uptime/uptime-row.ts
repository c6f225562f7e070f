import type { Measures } from '../kernel/measures.ts';

/** Why an outage does not count against the operator. closedHours takes all of its time out of the account, not only outages. */
export const exclusionReasons = [
  'utilityInterruption',
  'vehicleFault',
  'scheduledMaintenance',
  'vandalism',
  'naturalDisaster',
  'closedHours',
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

/** Declared by the operator for a station or one connector of it. */
export type Exclusion = {
  readonly reason: ExclusionReason;
  readonly fromAt: number;
  readonly toAt: number;
};

/** An exclusion of a whole station, or of one connector of it ('evseId#connectorId'). */
export type StationExclusion = Exclusion & {
  readonly connectorKey?: string;
  readonly note?: string;
  /** Who declared it, and when, ms since the epoch. Earlier versions kept neither. */
  readonly by?: string;
  readonly at?: number;
};

/** One connector-day in minutes. `minutes` is the length of the local day: 1380, 1440 or 1500; less on the day of commissioning. */
export type UptimeRow = {
  readonly minutes: number;
  /** Within closed hours: not accessible, counted nowhere else. */
  readonly closedMin: number;
  readonly upMin: number;
  readonly downMin: number;
  readonly unknownMin: number;
  /** Part of downMin that an exclusion covers. */
  readonly excludedDownMin: number;
  /** Part of unknownMin that an exclusion covers. */
  readonly excludedUnknownMin: number;
};

export const uptimeMeasures = {
  minutes: 'length of the local day, from when it went into service',
  closedMin: 'closed hours',
  upMin: 'in service, outside closed hours',
  downMin: 'unavailable or faulted, outside closed hours',
  unknownMin: 'offline or never heard of, outside closed hours',
  excludedDownMin: 'part of downMin that an exclusion covers',
  excludedUnknownMin: 'part of unknownMin that an exclusion covers',
  'minutes.*': 'minutes in the status, outside closed hours',
  'excludedMin.*': 'minutes out of service that an exclusion of the reason covers',
} as const;

/** Minutes are sums of fractions: differences below this are none. */
const NO_MINUTES = 0.001;

/**
 * Whether a day as it is on record knows of time that nothing tells of any more when it is computed anew: the statuses it was
 * made of are forgotten. Minutes of closed hours may hide time that was unknown.
 */
export const knowsMore = (stored: Measures, fresh: Measures): boolean => {
  const unknown = (measures: Measures): number => measures['minutes.unknown'] ?? 0;
  const added = Math.max(0, (fresh.minutes ?? 0) - (stored.minutes ?? 0));
  return unknown(fresh) > unknown(stored) + (stored.closedMin ?? 0) + added + NO_MINUTES;
};

/** The account of one connector over the days of a report. */
export type UptimeAccount = {
  readonly connector: string;
  readonly stationId: string;
  readonly siteId: string;
  readonly ratedW: number;
  /** Minutes of the period that are over, from when the station was commissioned: what the rows should cover. */
  readonly dueMin: number;
  readonly rows: readonly UptimeRow[];
};

export type UptimeTotals = UptimeRow & {
  readonly days: number;
  /** Minutes that were due and that no row covers: nobody can say that anything was up then. */
  readonly unmeasuredMin: number;
};

/** Sums of rows; of no rows, zeros. */
export const uptimeTotals = ({ rows, dueMin }: Pick<UptimeAccount, 'rows' | 'dueMin'>): UptimeTotals => {
  const of = (measure: keyof UptimeRow): number => rows.reduce((sum, row) => sum + row[measure], 0);
  return {
    days: rows.length,
    unmeasuredMin: Math.max(0, dueMin - of('minutes')),
    minutes: of('minutes'),
    closedMin: of('closedMin'),
    upMin: of('upMin'),
    downMin: of('downMin'),
    unknownMin: of('unknownMin'),
    excludedDownMin: of('excludedDownMin'),
    excludedUnknownMin: of('excludedUnknownMin'),
  };
};
