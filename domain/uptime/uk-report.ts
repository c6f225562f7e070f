import { type UptimeAccount, type UptimeTotals, uptimeTotals } from './uptime-row.ts';

/** SI 2023/1168 reg. 7: rapid charge points, 50 kW and above, 99 % over the network and the calendar year. */
export const UK_MINIMUM_W = 50_000;
export const UK_THRESHOLD_PERCENT = 99;

export type UkPoint = {
  readonly connector: string;
  readonly stationId: string;
  readonly siteId: string;
  readonly accessibleMin: number;
  readonly downMin: number;
  readonly excludedMin: number;
  readonly unknownMin: number;
  /** Absent for a point without accessible minutes. */
  readonly reliablePercent?: number;
};

export type UkReport = {
  readonly rule: 'uk';
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

/** Out of order and inoperative, less what an exemption covers. */
const countedDown = (totals: UptimeTotals): number => totals.downMin - totals.excludedDownMin;
const accessible = (totals: UptimeTotals): number => totals.minutes - totals.closedMin;

const reliable = (downMin: number, ofMin: number): number | undefined =>
  ofMin > 0 ? 100 * (1 - downMin / ofMin) : undefined;

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const point = ({ connector, stationId, siteId }: UptimeAccount, totals: UptimeTotals): UkPoint => {
  const reliablePercent = reliable(countedDown(totals), accessible(totals));
  return {
    connector,
    stationId,
    siteId,
    accessibleMin: accessible(totals),
    downMin: totals.downMin,
    excludedMin: totals.excludedDownMin,
    unknownMin: totals.unknownMin,
    ...(reliablePercent === undefined ? {} : { reliablePercent }),
  };
};

/** Reliability of the network's rapid charge points, with the variants the regulation leaves open. */
export const ukReport = (accounts: readonly UptimeAccount[]): UkReport => {
  const rapid = accounts.filter(({ ratedW }) => ratedW >= UK_MINIMUM_W);
  const points = rapid.map((account) => point(account, uptimeTotals(account.rows)));
  const all = uptimeTotals(rapid.flatMap(({ rows }) => rows));
  const percents = {
    pooledPercent: reliable(countedDown(all), accessible(all)),
    meanOfPointsPercent: mean(points.flatMap(({ reliablePercent }) => reliablePercent ?? [])),
    unknownRemovedPercent: reliable(countedDown(all), accessible(all) - all.unknownMin),
    unknownAsDownPercent: reliable(countedDown(all) + all.unknownMin, accessible(all)),
  };
  const { pooledPercent, meanOfPointsPercent, unknownRemovedPercent, unknownAsDownPercent } = percents;
  return {
    rule: 'uk',
    points,
    ...(pooledPercent === undefined ? {} : { pooledPercent }),
    ...(meanOfPointsPercent === undefined ? {} : { meanOfPointsPercent }),
    ...(unknownRemovedPercent === undefined ? {} : { unknownRemovedPercent }),
    ...(unknownAsDownPercent === undefined ? {} : { unknownAsDownPercent }),
    compliant: pooledPercent !== undefined && pooledPercent >= UK_THRESHOLD_PERCENT,
  };
};
