import type { Connector } from '../connector/connector.ts';
import { DAY_MS, MINUTE_MS } from '../kernel/durations.ts';
import type { ActiveSession } from '../session/active-session.ts';

/** The connector itself says it is free: the stop was lost. It may still be on its way for a moment. */
const FREED_MS = 10 * MINUTE_MS;
/** Nothing was heard of the connector, while its station is online or not: an offline queue may yet bring the stop, and amends. */
export const SILENT_MS = DAY_MS;

export type Abandoned = {
  readonly evseId: number;
  readonly connectorId: number;
  readonly transactionId: string;
  /** Event time at which the session is taken to have ended. */
  readonly at: number;
};

/** Whether the connector itself says that it is free, after all that a session of it told: its stop was lost, or is on its way. */
export const isFreed = ({ report }: Connector, { startedAt, sampledAt = startedAt }: ActiveSession): boolean =>
  report?.status === 'available' && report.at >= sampledAt && report.at > startedAt;

/**
 * Sessions of a connector that will never be stopped by their station. Judged by when things were heard, not when they
 * happened: a queue of last year's messages that is just coming in is not silence. While the station's clock is in doubt, that
 * it says it is free does not count: it may have said so before the session, by a clock that was right then.
 */
export const abandonedSessions = (connector: Connector, isClockInDoubt: boolean, now: number): Abandoned[] => {
  const { evseId, connectorId, session, past, report, lastSeenAt } = connector;
  const open = [session, past].filter((candidate) => candidate !== undefined);
  return open.flatMap((one) => {
    const { transactionId, startedAt, sampledAt = startedAt } = one;
    const where = { evseId, connectorId, transactionId };
    const isFree = !isClockInDoubt && isFreed(connector, one);
    if (report && isFree && now - Math.max(report.receivedAt, lastSeenAt) >= FREED_MS)
      return [{ ...where, at: report.at }];
    return now - lastSeenAt >= SILENT_MS ? [{ ...where, at: sampledAt }] : [];
  });
};
