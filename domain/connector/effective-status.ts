import type { ConnectorStatus } from '../kernel/connector-status.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { ChargingState, ReportedStatus, StatusReported } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ConnectorStatusChanged } from '../kernel/state-change.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Connector } from './connector.ts';
import { isOverlay, isOvertaken, isRepeated, type StatusReport, statusReportOf } from './status-report.ts';
import { backfill, isEndKnown, toldLate } from './told-late.ts';

/** What the charging state of its session says of a connector that reported no more than Occupied (OCPP 2.x). */
const statusByChargingState = (chargingState: ChargingState, hasDelivered: boolean): ReportedStatus => {
  switch (chargingState) {
    case 'charging':
    case 'suspendedEV':
    case 'suspendedEVSE':
      return chargingState;
    case 'evConnected':
      return hasDelivered ? 'finishing' : 'preparing';
    case 'idle':
      return 'occupied';
    default:
      return unreachable(chargingState);
  }
};

/** What a connector that is online shows: a station-wide status overlays its own, which its session refines. */
export const effectiveStatus = ({ report, stationReport, session }: Connector): ReportedStatus => {
  if (isOverlay(stationReport)) return stationReport.status;
  const own = report?.status ?? 'unknown';
  if ((own !== 'occupied' && report !== undefined) || session?.chargingState === undefined) return own;
  return statusByChargingState(session.chargingState, session.energyWh > 0);
};

/** What is wrong, in the words of the report that stands behind the status. */
const errorOf = ({ report, stationReport }: Connector) => {
  const effective = isOverlay(stationReport) ? stationReport : report;
  return omitUndefined({
    errorCode: effective?.errorCode,
    vendorErrorCode: effective?.vendorErrorCode,
    info: effective?.info,
  });
};

const statusChanged = (
  { status: from, statusAt: fromAt, toldLateUntil = fromAt }: Connector,
  to: ConnectorStatus,
  context: EventContext,
): Omit<ConnectorStatusChanged, 'id'> => ({
  type: 'ConnectorStatusChanged',
  ...contextFields(context),
  // Intervals never overlap: a status begins no earlier than the one before it, and than what was told late of that one's time.
  at: Math.max(fromAt, toldLateUntil, context.at),
  from,
  to,
  fromAt,
});

/** The connector in a status from an instant on, which is not before what was told late: that is over. */
const withStatus = (
  { toldLateUntil: _, ...connector }: Connector,
  status: ConnectorStatus,
  statusAt: number,
): Connector => ({
  ...connector,
  status,
  statusAt,
});

/** The online connector shows what its reports and its session make of it from `context.at` on. */
const shown = (connector: Connector, context: EventContext): Transition<Connector> => {
  const status = effectiveStatus(connector);
  if (status === connector.status) return unchanged(connector);
  const change = { ...statusChanged(connector, status, context), ...errorOf(connector) };
  return { next: withStatus(connector, status, change.at), changes: [change] };
};

/** Brings `status` in line after one of its causes changed at `context.at`. An offline connector stays offline. */
export const statusUpdated = (connector: Connector, context: EventContext): Transition<Connector> =>
  connector.status === 'offline' ? unchanged(connector) : shown(connector, context);

/** The station is lost: its connectors are offline until it is heard of again. */
export const connectorLost = (connector: Connector, context: EventContext): Transition<Connector> => {
  if (connector.status === 'offline') return unchanged(connector);
  const change = statusChanged(connector, 'offline', context);
  return { next: withStatus(connector, 'offline', change.at), changes: [change] };
};

/** The station was heard of at `context.receivedAt`: that ends an offline time which began before. */
export const connectorHeardOf = (connector: Connector, context: EventContext): Transition<Connector> =>
  connector.status !== 'offline' || context.receivedAt < connector.statusAt
    ? unchanged(connector)
    : shown(connector, { ...context, at: context.receivedAt });

const warning = (
  report: StatusReport,
  before: StatusReport | undefined,
  context: EventContext,
): readonly PendingChange[] => {
  const { errorCode, vendorErrorCode, info } = report;
  const isNew = errorCode !== before?.errorCode || vendorErrorCode !== before?.vendorErrorCode;
  if (errorCode === undefined || report.status === 'faulted' || !isNew) return [];
  return [
    { type: 'ConnectorWarned', ...contextFields(context), errorCode, ...omitUndefined({ vendorErrorCode, info }) },
  ];
};

/** Another fault while faulted: the status stays, what is wrong does not. */
const otherFault = (
  connector: Connector,
  before: StatusReport | undefined,
  context: EventContext,
): readonly PendingChange[] => {
  const { report, status } = connector;
  const isOther = report?.status === 'faulted' && before?.status === 'faulted' && report.errorCode !== before.errorCode;
  if (!isOther || status !== 'faulted') return [];
  return [{ ...statusChanged(connector, status, context), ...errorOf(connector) }];
};

/** The connector reported its status. Late statuses go to history; what is newest by event time is the live one. */
export const statusReported = (
  connector: Connector,
  fact: StatusReported,
  { at: _, ...elsewhere }: EventContext,
): Transition<Connector> => {
  const report = statusReportOf(fact);
  const context = { ...elsewhere, at: report.at };
  const { report: before, stationReport } = connector;
  if (isRepeated(report, before)) return unchanged(connector);
  if (before !== undefined && isOvertaken(report, before)) {
    if (!isOverlay(stationReport)) return toldLate(connector, report, before.at, context);
    // The station's status hid it, or did so from some time on.
    if (stationReport.at <= report.at) return unchanged(connector);
    return toldLate(connector, report, Math.min(before.at, stationReport.at), context);
  }
  const { next, changes } = statusUpdated({ ...connector, report }, context);
  // Its true time lies before the status now ending began (offline, say): history learns it, the live interval cannot.
  const isEarlier = changes.length > 0 && report.at < next.statusAt && before !== undefined;
  return {
    next,
    changes: [
      ...(isEarlier ? [backfill(report, context)] : []),
      ...changes,
      ...otherFault(next, before, context),
      ...warning(report, before, context),
    ],
  };
};

/**
 * Whether it is known what the connector showed because of a status of the station: its own status may have been another one
 * then.
 */
const isShownKnown = ({ report: own }: Connector, report: StatusReport): boolean =>
  (own !== undefined && own.at <= report.at) || isOverlay(report);

/**
 * A status of the station that a newer one overtook. It is told where it is known what the connector showed because of it, and
 * afterwards: its own status may have been another one by then.
 */
const stationStatusOvertaken = (
  connector: Connector,
  report: StatusReport,
  untilAt: number,
  context: EventContext,
): Transition<Connector> => {
  if (!isShownKnown(connector, report) || !isEndKnown(connector, report.at, untilAt)) return unchanged(connector);
  const status = effectiveStatus({ ...connector, stationReport: report });
  return toldLate(connector, { at: report.at, status }, untilAt, context);
};

/** Connector 0 reported the status of the station: it overlays every connector while it is unavailable or faulted. */
export const stationStatusOverlaid = (
  connector: Connector,
  fact: StatusReported,
  { at: _, ...elsewhere }: EventContext,
): Transition<Connector> => {
  const report = statusReportOf(fact);
  const context = { ...elsewhere, at: report.at };
  const before = connector.stationReport;
  if (isRepeated(report, before)) return unchanged(connector);
  if (before !== undefined && isOvertaken(report, before))
    return stationStatusOvertaken(connector, report, before.at, context);
  const { next, changes } = statusUpdated({ ...connector, stationReport: report }, context);
  // As with a connector's own status: the live interval began after it.
  const isKnown = (connector.report ?? before) !== undefined && isShownKnown(next, report);
  const isEarlier = changes.length > 0 && report.at < next.statusAt && isKnown;
  const status = effectiveStatus(next);
  return { next, changes: [...(isEarlier ? [backfill({ at: report.at, status }, context)] : []), ...changes] };
};
