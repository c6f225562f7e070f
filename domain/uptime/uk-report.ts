import { mean } from '../kernel/mean.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PeriodState } from './report-period.ts';
import { type UptimeAccount, type UptimeTotals, uptimeTotals } from './uptime-row.ts';

/** SI 2023/1168 reg. 7: rapid charge points, 50 kW and above, 99 % over the network and the calendar year. */
const UK_MINIMUM_W = 50_000;
const UK_THRESHOLD_PERCENT = 99;

export type UkPoint = {
  readonly connector: string;
  readonly stationId: string;
  readonly siteId: string;
  readonly accessibleMin: number;
  readonly downMin: number;
  readonly excludedMin: number;
  readonly unknownMin: number;
  /** Minutes since it was commissioned that are not on record: not shown to be reliable, so counted as not. */
  readonly unmeasuredMin: number;
  /** Absent for a point without accessible minutes on record. */
  readonly reliablePercent?: number;
};

export type UkReport = {
  readonly rule: 'uk';
  readonly period: PeriodState;
  readonly points: readonly UkPoint[];
  /** The published figure: all points' minutes pooled, unknown minutes considered reliable. Absent without any accessible minute. */
  readonly pooledPercent?: number;
  /** What other readings of "on average" and of unknown minutes would give. */
  readonly meanOfPointsPercent?: number;
  readonly unknownRemovedPercent?: number;
  readonly unknownAsDownPercent?: number;
  /** False too where nothing could be measured: then nothing was shown. */
  readonly compliant: boolean;
};

/** Out of order and inoperative, less what an exemption covers; and what nobody measured. */
const countedDown = (totals: UptimeTotals): number => totals.downMin - totals.excludedDownMin + totals.unmeasuredMin;
const measured = (totals: UptimeTotals): number => totals.minutes - totals.closedMin;
const accessible = (totals: UptimeTotals): number => measured(totals) + totals.unmeasuredMin;

/** What part of the accessible minutes was not down; nothing where none of them was measured. */
const reliable = (totals: UptimeTotals, downMin: number, ofMin = accessible(totals)): number | undefined =>
  measured(totals) > 0 && ofMin > 0 ? 100 * (1 - downMin / ofMin) : undefined;

/** The minutes of all points together: what one of them did not measure another does not make up for. */
const pooled = (points: readonly UptimeTotals[]): UptimeTotals => ({
  ...uptimeTotals({ rows: points, dueMin: 0 }),
  unmeasuredMin: points.reduce((sum, { unmeasuredMin }) => sum + unmeasuredMin, 0),
});

const point = ({ connector, stationId, siteId }: UptimeAccount, totals: UptimeTotals): UkPoint => {
  return {
    connector,
    stationId,
    siteId,
    accessibleMin: accessible(totals),
    downMin: totals.downMin,
    excludedMin: totals.excludedDownMin,
    unknownMin: totals.unknownMin,
    unmeasuredMin: totals.unmeasuredMin,
    ...omitUndefined({ reliablePercent: reliable(totals, countedDown(totals)) }),
  };
};

/** Reliability of the network's rapid charge points, with the variants the regulation leaves open. */
export const ukReport = (accounts: readonly UptimeAccount[], period: PeriodState): UkReport => {
  const rapid = accounts.filter(({ ratedW }) => ratedW >= UK_MINIMUM_W);
  const points = rapid.map((account) => point(account, uptimeTotals(account)));
  const all = pooled(rapid.map(uptimeTotals));
  const percents = {
    pooledPercent: reliable(all, countedDown(all)),
    meanOfPointsPercent: mean(points.flatMap(({ reliablePercent }) => reliablePercent ?? [])),
    unknownRemovedPercent: reliable(all, countedDown(all), accessible(all) - all.unknownMin),
    unknownAsDownPercent: reliable(all, countedDown(all) + all.unknownMin - all.excludedUnknownMin),
  };
  const { pooledPercent } = percents;
  return {
    rule: 'uk',
    period,
    points,
    ...omitUndefined(percents),
    compliant: pooledPercent !== undefined && pooledPercent >= UK_THRESHOLD_PERCENT,
  };
};
