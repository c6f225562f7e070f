import { defined } from '../defined.ts';
import type { StatusReported } from '../fact.ts';
import { type Moment, stamp } from '../session/moment.ts';
import { type Decided, type Step, unchanged } from '../station/step.ts';
import type { Connector, ConnectorStatus, Report } from './connector.ts';

/** Event time for ordering statuses: never later than its arrival, so that a fast clock cannot pin a status. */
const orderedAt = ({ at, receivedAt }: { at: number; receivedAt: number }): number => Math.min(at, receivedAt);

/** What a StatusReported says, as it is kept. */
export const reportOf = (fact: StatusReported): Report => {
  const { status, vendorStatus, receivedAt, errorCode, vendorErrorCode, info } = fact;
  return {
    status,
    vendorStatus,
    at: orderedAt(fact),
    receivedAt,
    ...defined({ errorCode, vendorErrorCode, info }),
  };
};

/** Whether a report was overtaken by the one before it: older by event time, or as old and received earlier. */
export const isOvertaken = (report: Report, before: Report | undefined): boolean =>
  before !== undefined && (report.at < before.at || (report.at === before.at && report.receivedAt < before.receivedAt));

/** Whether a report says again what is known: a duplicate, on which nothing may happen. */
export const isRepeated = (report: Report, before: Report | undefined): boolean =>
  before !== undefined &&
  report.at === before.at &&
  report.status === before.status &&
  report.vendorStatus === before.vendorStatus &&
  report.errorCode === before.errorCode &&
  report.vendorErrorCode === before.vendorErrorCode;

/** A station-wide status that overlays its connectors. Every other one is about the station alone. */
export const overlays = (report: Report | undefined): boolean =>
  report?.status === 'unavailable' || report?.status === 'faulted';

/** OCPP 2.x says Occupied and leaves the rest to the transaction. */
const refined = ({ report, session }: Connector): ConnectorStatus => {
  const own = report?.status ?? 'unknown';
  if ((own !== 'occupied' && report !== undefined) || session?.chargingState === undefined) return own;
  switch (session.chargingState) {
    case 'charging':
    case 'suspendedEV':
    case 'suspendedEVSE':
      return session.chargingState;
    case 'evConnected':
      return session.energyWh > 0 ? 'finishing' : 'preparing';
    case 'idle':
      return 'occupied';
  }
};

/** What an operator sees: offline overlays a station-wide status, which overlays the connector's own, refined by its session. */
export const effectiveStatus = (connector: Connector): ConnectorStatus => {
  if (connector.offlineAt !== undefined) return 'offline';
  if (connector.stationReport && overlays(connector.stationReport)) return connector.stationReport.status;
  return refined(connector);
};

/** The report that stands behind the effective status. */
const speaking = ({ report, stationReport }: Connector): Report | undefined =>
  overlays(stationReport) ? stationReport : report;

const errorOf = (connector: Connector): { errorCode?: string; vendorErrorCode?: string; info?: string } => {
  const report = speaking(connector);
  return defined({ errorCode: report?.errorCode, vendorErrorCode: report?.vendorErrorCode, info: report?.info });
};

/**
 * Brings `status` in line after one of its causes changed; `moment.at` is when. Intervals never overlap: a status begins
 * no earlier than the one before it.
 */
export const restated = (connector: Connector, moment: Moment): Step<Connector> => {
  const status = effectiveStatus(connector);
  if (status === connector.status) return unchanged(connector);
  const at = Math.max(connector.statusAt, moment.at);
  const change: Decided = {
    type: 'ConnectorStatusChanged',
    ...stamp(moment),
    at,
    from: connector.status,
    to: status,
    fromAt: connector.statusAt,
    ...(status === 'offline' ? {} : errorOf(connector)),
  };
  return { next: { ...connector, status, statusAt: at }, changes: [change] };
};

/** A status that was over when it arrived. Its id is its content: a late repeat of it is the same change. */
const backfill = (report: Report, moment: Moment): Decided => ({
  id: `${moment.stationId}.${moment.evseId}.${moment.connectorId}.${report.at.toString(36)}.${report.status}`,
  type: 'ConnectorStatusBackfilled',
  ...stamp(moment),
  at: report.at,
  status: report.status,
});

const warning = (report: Report, before: Report | undefined, moment: Moment): readonly Decided[] => {
  const { errorCode, vendorErrorCode, info } = report;
  const isNew = errorCode !== before?.errorCode || vendorErrorCode !== before?.vendorErrorCode;
  if (errorCode === undefined || report.status === 'faulted' || !isNew) return [];
  return [{ type: 'ConnectorWarned', ...stamp(moment), errorCode, ...defined({ vendorErrorCode, info }) }];
};

/** Another fault while faulted: the status stays, what is wrong does not. */
const otherFault = (connector: Connector, before: Report | undefined, moment: Moment): readonly Decided[] => {
  const { report, status, statusAt } = connector;
  const isOther = report?.status === 'faulted' && before?.status === 'faulted' && report.errorCode !== before.errorCode;
  if (!isOther || status !== 'faulted') return [];
  const at = Math.max(statusAt, moment.at);
  return [
    {
      type: 'ConnectorStatusChanged',
      ...stamp(moment),
      at,
      from: status,
      to: status,
      fromAt: statusAt,
      ...errorOf(connector),
    },
  ];
};

/** The connector said its status. Late statuses go to history; what is newest by event time is the live one. */
export const statusReported = (connector: Connector, fact: StatusReported, where: Moment): Step<Connector> => {
  const report = reportOf(fact);
  const moment = { ...where, at: report.at };
  if (isRepeated(report, connector.report)) return unchanged(connector);
  if (isOvertaken(report, connector.report)) return { next: connector, changes: [backfill(report, moment)] };
  const heard: Connector = { ...connector, report };
  const step = restated(heard, moment);
  // Its true time lies before the status now ending began (offline, say): history learns it, the live interval cannot.
  const isEarlier = step.changes.length > 0 && report.at < connector.statusAt && connector.report !== undefined;
  return {
    next: step.next,
    changes: [
      ...(isEarlier ? [backfill(report, moment)] : []),
      ...step.changes,
      ...otherFault(step.next, connector.report, moment),
      ...warning(report, connector.report, moment),
    ],
  };
};

/** Connector 0 said its status: it overlays every connector while it is unavailable or faulted. */
export const stationReported = (connector: Connector, fact: StatusReported, where: Moment): Step<Connector> => {
  const report = reportOf(fact);
  const before = connector.stationReport;
  if (isRepeated(report, before) || isOvertaken(report, before)) return unchanged(connector);
  return restated({ ...connector, stationReport: report }, { ...where, at: report.at });
};

/** The station is lost: its connectors are offline until it is heard of again. */
export const lost = (connector: Connector, moment: Moment): Step<Connector> =>
  connector.offlineAt === undefined ? restated({ ...connector, offlineAt: moment.at }, moment) : unchanged(connector);

/** The station was heard of at `moment.receivedAt`: that ends an offline time which began before. */
export const heardOf = (connector: Connector, moment: Moment): Step<Connector> => {
  const { offlineAt, ...online } = connector;
  if (offlineAt === undefined || moment.receivedAt < offlineAt) return unchanged(connector);
  return restated(online, { ...moment, at: moment.receivedAt });
};
