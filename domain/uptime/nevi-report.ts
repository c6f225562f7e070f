import { type UptimeAccount, uptimeTotals } from './uptime-row.ts';

/** The denominator 23 CFR 680.116(b) names: the minutes of a year of 365 days, whatever the calendar says. */
export const NEVI_MINUTES = 525_600;
/** Every port must be up more than this. */
export const NEVI_THRESHOLD_PERCENT = 97;

/** One port over the twelve months before the end of the reported month. */
export type NeviPort = {
  readonly connector: string;
  readonly stationId: string;
  readonly siteId: string;
  readonly outageMin: number;
  readonly excludedMin: number;
  /** Minutes the rows cover; what they do not cover (a port younger than twelve months) counts as no outage. */
  readonly coveredMin: number;
  readonly uptimePercent: number;
  /** The same without any exclusion, to show what rests on them. */
  readonly withoutExclusionsPercent: number;
  readonly compliant: boolean;
};

/**
 * Uptime of a port, 23 CFR 680.116(b)(3): (525 600 - (outage - excluded)) / 525 600.
 * A port is up while it is online and available or in use: a port nobody can reach is an outage. Closed hours are no outage.
 */
export const neviPort = ({ connector, stationId, siteId, rows }: UptimeAccount): NeviPort => {
  const totals = uptimeTotals(rows);
  const outageMin = totals.downMin + totals.unknownMin;
  const excludedMin = totals.excludedDownMin + totals.excludedUnknownMin;
  const percent = (downMin: number): number => (100 * (NEVI_MINUTES - downMin)) / NEVI_MINUTES;
  const uptimePercent = percent(outageMin - excludedMin);
  return {
    connector,
    stationId,
    siteId,
    outageMin,
    excludedMin,
    coveredMin: totals.minutes,
    uptimePercent,
    withoutExclusionsPercent: percent(outageMin),
    // A port of which nothing is on record has shown nothing.
    compliant: totals.minutes > 0 && uptimePercent > NEVI_THRESHOLD_PERCENT,
  };
};

export type NeviReport = { readonly rule: 'nevi'; readonly ports: readonly NeviPort[]; readonly compliant: boolean };

/** The rule holds for each port by itself: a good one does not make up for a bad one. */
export const neviReport = (accounts: readonly UptimeAccount[]): NeviReport => {
  const ports = accounts.map(neviPort);
  return { rule: 'nevi', ports, compliant: ports.every(({ compliant }) => compliant) };
};
