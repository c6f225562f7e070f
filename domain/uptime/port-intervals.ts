import type { StatusInterval } from '../availability/status-intervals.ts';
import type { ConnectorStatus } from '../kernel/connector-status.ts';
import { serviceOf } from '../kernel/service.ts';

const isInUse = (status: ConnectorStatus): boolean => serviceOf(status) === 'up' && status !== 'available';

/** The status that speaks for the port: one in use, else one in service, else one that is known to be down. */
const spokenBy = (statuses: readonly ConnectorStatus[]): ConnectorStatus =>
  statuses.find(isInUse) ??
  statuses.find((status) => serviceOf(status) === 'up') ??
  statuses.find((status) => serviceOf(status) === 'down') ??
  statuses[0] ??
  'unknown';

/**
 * The statuses of a port (an EVSE) whose connectors serve one vehicle at a time: it is in service while one of them is.
 * Chargers report the cable beside the one in use as occupied or unavailable; nobody is turned away by that.
 * Each list covers the same range without gaps.
 */
export const portIntervals = (connectors: readonly (readonly StatusInterval[])[]): StatusInterval[] => {
  const [only, ...others] = connectors;
  if (only === undefined || others.length === 0) return [...(only ?? [])];
  const edges = [...new Set(connectors.flat().flatMap(({ fromAt, toAt }) => [fromAt, toAt]))].sort((a, b) => a - b);
  return edges.slice(0, -1).map((fromAt, index) => ({
    fromAt,
    toAt: edges[index + 1] ?? fromAt,
    status: spokenBy(
      connectors.flatMap((intervals) => {
        const holding = intervals.find((interval) => fromAt >= interval.fromAt && fromAt < interval.toAt);
        return holding === undefined ? [] : [holding.status];
      }),
    ),
  }));
};
