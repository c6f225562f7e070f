import type { ConnectorStatus } from '../kernel/connector-status.ts';

/**
 * A moment at which a connector's status became another. Marks are what history stores; intervals follow from them.
 * `backfilled`: reported after it was over, by a station that was out of reach at the time.
 */
export type StatusMark = { readonly at: number; readonly status: ConnectorStatus; readonly backfilled?: boolean };

/** A stretch [fromAt, toAt) in one status. */
export type StatusInterval = { readonly fromAt: number; readonly toAt: number; readonly status: ConnectorStatus };

/**
 * The statuses over [fromAt, toAt), without gap or overlap, carried forward from the marks before it; 'unknown' before the first.
 * Marks must be in order of time; of several at one instant the last counts.
 * What a station reports later about a time when it could not be reached does not make it reachable in hindsight:
 * a backfilled mark never lifts 'offline', only a live one does.
 */
export const statusIntervals = (marks: readonly StatusMark[], fromAt: number, toAt: number): StatusInterval[] => {
  const intervals: StatusInterval[] = [];
  let status: ConnectorStatus = 'unknown';
  let since = fromAt;
  const close = (until: number): void => {
    if (until <= since) return;
    const last = intervals.at(-1);
    if (last?.status === status) intervals[intervals.length - 1] = { ...last, toAt: until };
    else intervals.push({ fromAt: since, toAt: until, status });
    since = until;
  };
  for (const mark of marks) {
    if (mark.at >= toAt) break;
    if (status === 'offline' && mark.backfilled === true) continue;
    close(mark.at);
    status = mark.status;
  }
  close(toAt);
  return intervals;
};

/** Milliseconds per status within [fromAt, toAt) of intervals that may reach beyond it. */
export const timeByStatus = (
  intervals: readonly StatusInterval[],
  fromAt: number,
  toAt: number,
): Map<ConnectorStatus, number> => {
  const time = new Map<ConnectorStatus, number>();
  for (const interval of intervals) {
    const ms = Math.min(interval.toAt, toAt) - Math.max(interval.fromAt, fromAt);
    if (ms > 0) time.set(interval.status, (time.get(interval.status) ?? 0) + ms);
  }
  return time;
};
