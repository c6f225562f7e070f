import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { ReportedStatus } from '../kernel/fact.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import type { Connector } from './connector.ts';
import { isOverlay, type StatusReport } from './status-report.ts';

/** A status from an instant on. */
type Held = Pick<StatusReport, 'at' | 'status'>;

/** A status that was over when it arrived. Its id is its content: a late repeat of it is the same change. */
export const backfill = (report: Held, context: EventContext): PendingChange => ({
  id: `${context.stationId}.${context.evseId}.${context.connectorId}.${report.at.toString(36)}.${report.status}`,
  type: 'ConnectorStatusBackfilled',
  ...contextFields(context),
  at: report.at,
  status: report.status,
});

/** What the connector showed at an instant in the past; undefined where what is still known does not tell. */
const heldAt = ({ status, statusAt, report, stationReport }: Connector, at: number): ReportedStatus | undefined => {
  if (status !== 'offline' && statusAt <= at) return status;
  if (stationReport !== undefined && stationReport.at > at) return undefined;
  if (isOverlay(stationReport)) return stationReport.status;
  return report !== undefined && report.at > at ? undefined : (report?.status ?? 'unknown');
};

/** Whether the status shown now began in (fromAt, toAt]: its own change ends whatever is told of before. */
const beganIn = ({ statusAt }: Connector, fromAt: number, toAt: number): boolean =>
  statusAt > fromAt && statusAt <= toAt;

/** Whether it is known what ended a status of `fromAt` that another cause followed at `toAt`. */
export const isEndKnown = (connector: Connector, fromAt: number, toAt: number): boolean =>
  beganIn(connector, fromAt, toAt) || heldAt(connector, toAt) !== undefined;

/**
 * The connector showed a status until `untilAt`, which is told after that. Where a newer report left the status as it was, no
 * change tells that this one ended then: so what held from then on is told with it.
 */
export const toldLate = (
  connector: Connector,
  late: Held,
  untilAt: number,
  context: EventContext,
): Transition<Connector> => {
  const changes = [backfill(late, context)];
  const status = beganIn(connector, late.at, untilAt) ? undefined : heldAt(connector, untilAt);
  if (status === undefined || status === late.status) return { next: connector, changes };
  const { statusAt, toldLateUntil = statusAt } = connector;
  return {
    next: untilAt > toldLateUntil ? { ...connector, toldLateUntil: untilAt } : connector,
    changes: [...changes, backfill({ status, at: untilAt }, context)],
  };
};
