import { statusMeasure } from '../availability/availability.ts';
import type { StatusInterval } from '../availability/status-intervals.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import type { Measures } from '../kernel/measures.ts';
import { serviceOf } from '../kernel/service.ts';
import type { Exclusion, ExclusionReason } from './uptime-row.ts';

/** A connector's local day: its statuses and what the operator declared about it. */
export type UptimeDay = {
  readonly startAt: number;
  readonly endAt: number;
  readonly intervals: readonly StatusInterval[];
  readonly exclusions: readonly Exclusion[];
};

/** The first of overlapping exclusions counts, so that no minute is excluded twice. */
const exclusionAt = (exclusions: readonly Exclusion[], at: number): ExclusionReason | undefined => {
  const covering = exclusions.filter(({ fromAt, toAt }) => at >= fromAt && at < toAt);
  return covering.find(({ reason }) => reason === 'closedHours')?.reason ?? covering[0]?.reason;
};

/** Minutes of a connector's day per status, service and exclusion reason. What no interval covers is unknown. */
export const uptimeDay = ({ startAt, endAt, intervals, exclusions }: UptimeDay): Measures => {
  const edges = [startAt, endAt];
  for (const { fromAt, toAt } of [...intervals, ...exclusions])
    for (const at of [fromAt, toAt]) if (at > startAt && at < endAt) edges.push(at);
  const cuts = [...new Set(edges)].sort((a, b) => a - b);

  const row: Record<string, number> = {
    minutes: (endAt - startAt) / MINUTE_MS,
    closedMin: 0,
    upMin: 0,
    downMin: 0,
    unknownMin: 0,
    excludedDownMin: 0,
    excludedUnknownMin: 0,
  };
  const add = (measure: string, minutes: number): void => {
    row[measure] = (row[measure] ?? 0) + minutes;
  };
  for (const [index, at] of cuts.slice(0, -1).entries()) {
    const minutes = ((cuts[index + 1] ?? endAt) - at) / MINUTE_MS;
    const status = intervals.find((interval) => at >= interval.fromAt && at < interval.toAt)?.status ?? 'unknown';
    const reason = exclusionAt(exclusions, at);
    if (reason === 'closedHours') {
      add('closedMin', minutes);
      continue;
    }
    const service = serviceOf(status);
    add(`${service}Min`, minutes);
    add(statusMeasure('minutes', status), minutes);
    if (reason === undefined || service === 'up') continue;
    add(service === 'down' ? 'excludedDownMin' : 'excludedUnknownMin', minutes);
    add(`excludedMin.${reason}`, minutes);
  }
  return row;
};
