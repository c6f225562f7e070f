import { type ConnectorStatus, connectorStatuses } from '../kernel/connector-status.ts';
import type { Measures } from '../kernel/measures.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { serviceOf } from '../kernel/service.ts';
import { type StatusInterval, timeByStatus } from './status-intervals.ts';

/** Statuses of connectors over a stretch of time: one list of intervals per REGISTERED connector, silent ones included. */
export type Availability = {
  readonly fromAt: number;
  readonly toAt: number;
  readonly connectors: readonly (readonly StatusInterval[])[];
};

export const availabilityMeasures = {
  connectors: 'registered connectors',
  availablePercent:
    'time in service as part of all registered connectors’ time; offline and unknown are not in service',
  upSec: 'connector-seconds in service',
  downSec: 'connector-seconds unavailable or faulted',
  unknownSec: 'connector-seconds offline or never heard of',
  'seconds.*': 'connector-seconds in the status',
  'connectors.*': 'connectors in the status at the end of the window',
} as const;

/** How a measure of one status is called, e.g. 'seconds.charging'. */
export const statusMeasure = (what: string, status: ConnectorStatus): string => `${what}.${status}`;

const statusAtEnd = (intervals: readonly StatusInterval[], toAt: number): ConnectorStatus =>
  intervals.find((interval) => interval.fromAt < toAt && interval.toAt >= toAt)?.status ?? 'unknown';

/**
 * The availability of several groups of connectors over the same stretch of time, as one: their connectors and seconds added
 * up. What one group has alone is returned as it is.
 */
export const combinedAvailability = (groups: readonly Measures[]): Measures => {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return only;
  const total: Record<string, number> = {};
  for (const { availablePercent: _, ...sums } of groups)
    for (const [measure, value] of Object.entries(sums)) total[measure] = (total[measure] ?? 0) + value;
  const { connectors = 0, upSec = 0, downSec = 0, unknownSec = 0, ...perStatus } = total;
  const allSec = upSec + downSec + unknownSec;
  return omitUndefined({
    connectors,
    availablePercent: allSec > 0 ? (100 * upSec) / allSec : undefined,
    upSec,
    downSec,
    unknownSec,
    ...perStatus,
  });
};

/**
 * Time-weighted availability. The denominator is every registered connector for the whole window: connectors are counted,
 * not their messages, and one that says nothing keeps the status it has.
 */
export const availability = ({ fromAt, toAt, connectors }: Availability): Measures => {
  const ms = new Map<ConnectorStatus, number>();
  const atEnd = new Map<ConnectorStatus, number>();
  for (const intervals of connectors) {
    const spent = timeByStatus(intervals, fromAt, toAt);
    const heard = [...spent.values()].reduce((sum, value) => sum + value, 0);
    spent.set('unknown', (spent.get('unknown') ?? 0) + (toAt - fromAt - heard));
    for (const [status, value] of spent) ms.set(status, (ms.get(status) ?? 0) + value);
    const last = statusAtEnd(intervals, toAt);
    atEnd.set(last, (atEnd.get(last) ?? 0) + 1);
  }
  const bySec = { up: 0, down: 0, unknown: 0 };
  const perStatus: Record<string, number> = {};
  for (const status of connectorStatuses) {
    const seconds = (ms.get(status) ?? 0) / 1000;
    bySec[serviceOf(status)] += seconds;
    if (seconds > 0) perStatus[statusMeasure('seconds', status)] = seconds;
    const count = atEnd.get(status) ?? 0;
    if (count > 0) perStatus[statusMeasure('connectors', status)] = count;
  }
  const allSec = ((toAt - fromAt) * connectors.length) / 1000;
  return omitUndefined({
    connectors: connectors.length,
    availablePercent: allSec > 0 ? (100 * bySec.up) / allSec : undefined,
    upSec: bySec.up,
    downSec: bySec.down,
    unknownSec: bySec.unknown,
    ...perStatus,
  });
};
