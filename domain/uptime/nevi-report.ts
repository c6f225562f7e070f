import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PeriodState } from './report-period.ts';
import { type UptimeAccount, uptimeTotals } from './uptime-row.ts';

/** The denominator 23 CFR 680.116(b) names: the minutes of a year of 365 days, whatever the calendar says. */
const NEVI_MINUTES = 525_600;
/** Every port must be up more than this. */
const NEVI_THRESHOLD_PERCENT = 97;

/** One port over the twelve months before the end of the reported month, from when it was commissioned. */
export type NeviPort = {
  readonly connector: string;
  readonly stationId: string;
  readonly siteId: string;
  readonly outageMin: number;
  readonly excludedMin: number;
  /** Minutes the rows cover. */
  readonly coveredMin: number;
  /** Minutes they should cover and do not: not shown to be up, so no uptime. */
  readonly unmeasuredMin: number;
  /** Absent for a port with no covered minute. */
  readonly uptimePercent?: number;
  /** The same without any exclusion, to show what rests on them. */
  readonly withoutExclusionsPercent?: number;
  readonly compliant: boolean;
};

/**
 * Uptime of a port, 23 CFR 680.116(b)(3): (525 600 - (outage - excluded)) / 525 600; of one that is younger, or of a period
 * that is not over, over the minutes since it was commissioned.
 * A port is up while it is online and available or in use: a port nobody can reach is an outage. Closed hours are no outage.
 */
const neviPort = (account: UptimeAccount): NeviPort => {
  const { connector, stationId, siteId, dueMin } = account;
  const totals = uptimeTotals(account);
  const { unmeasuredMin, minutes: coveredMin } = totals;
  const outageMin = totals.downMin + totals.unknownMin;
  const excludedMin = totals.excludedDownMin + totals.excludedUnknownMin;
  const ofMin = Math.min(NEVI_MINUTES, Math.max(dueMin, coveredMin));
  const percent = (lostMin: number): number | undefined =>
    coveredMin > 0 ? Math.max(0, (100 * (ofMin - unmeasuredMin - lostMin)) / ofMin) : undefined;
  const uptimePercent = percent(outageMin - excludedMin);
  return {
    connector,
    stationId,
    siteId,
    outageMin,
    excludedMin,
    coveredMin,
    unmeasuredMin,
    ...omitUndefined({ uptimePercent, withoutExclusionsPercent: percent(outageMin) }),
    compliant: uptimePercent !== undefined && uptimePercent > NEVI_THRESHOLD_PERCENT,
  };
};

export type NeviReport = {
  readonly rule: 'nevi';
  readonly period: PeriodState;
  readonly ports: readonly NeviPort[];
  /** By what is on record so far; false without a port. */
  readonly compliant: boolean;
};

/** The rule holds for each port by itself: a good one does not make up for a bad one. */
export const neviReport = (accounts: readonly UptimeAccount[], period: PeriodState): NeviReport => {
  const ports = accounts.map(neviPort);
  return { rule: 'nevi', period, ports, compliant: ports.length > 0 && ports.every(({ compliant }) => compliant) };
};
