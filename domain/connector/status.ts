import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { StatusReported } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import type { Connector, StatusReport } from './connector.ts';
import { errorOf, restated } from './effective-status.ts';
import { isOvertaken, isRepeated, reportOf } from './report.ts';

/** A status that was over when it arrived. Its id is its content: a late repeat of it is the same change. */
const backfill = (report: StatusReport, moment: EventContext): PendingChange => ({
  id: `${moment.stationId}.${moment.evseId}.${moment.connectorId}.${report.at.toString(36)}.${report.status}`,
  type: 'ConnectorStatusBackfilled',
  ...contextFields(moment),
  at: report.at,
  status: report.status,
});

const warning = (
  report: StatusReport,
  before: StatusReport | undefined,
  moment: EventContext,
): readonly PendingChange[] => {
  const { errorCode, vendorErrorCode, info } = report;
  const isNew = errorCode !== before?.errorCode || vendorErrorCode !== before?.vendorErrorCode;
  if (errorCode === undefined || report.status === 'faulted' || !isNew) return [];
  return [
    { type: 'ConnectorWarned', ...contextFields(moment), errorCode, ...omitUndefined({ vendorErrorCode, info }) },
  ];
};

/** Another fault while faulted: the status stays, what is wrong does not. */
const otherFault = (
  connector: Connector,
  before: StatusReport | undefined,
  moment: EventContext,
): readonly PendingChange[] => {
  const { report, status, statusAt } = connector;
  const isOther = report?.status === 'faulted' && before?.status === 'faulted' && report.errorCode !== before.errorCode;
  if (!isOther || status !== 'faulted') return [];
  const at = Math.max(statusAt, moment.at);
  return [
    {
      type: 'ConnectorStatusChanged',
      ...contextFields(moment),
      at,
      from: status,
      to: status,
      fromAt: statusAt,
      ...errorOf(connector),
    },
  ];
};

/** The connector said its status. Late statuses go to history; what is newest by event time is the live one. */
export const statusReported = (
  connector: Connector,
  fact: StatusReported,
  where: EventContext,
): Transition<Connector> => {
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
export const stationReported = (
  connector: Connector,
  fact: StatusReported,
  where: EventContext,
): Transition<Connector> => {
  const report = reportOf(fact);
  const before = connector.stationReport;
  if (isRepeated(report, before) || isOvertaken(report, before)) return unchanged(connector);
  return restated({ ...connector, stationReport: report }, { ...where, at: report.at });
};

/** The station is lost: its connectors are offline until it is heard of again. */
export const lost = (connector: Connector, moment: EventContext): Transition<Connector> =>
  connector.offlineAt === undefined ? restated({ ...connector, offlineAt: moment.at }, moment) : unchanged(connector);

/** The station was heard of at `moment.receivedAt`: that ends an offline time which began before. */
export const heardOf = (connector: Connector, moment: EventContext): Transition<Connector> => {
  const { offlineAt, ...online } = connector;
  if (offlineAt === undefined || moment.receivedAt < offlineAt) return unchanged(connector);
  return restated(online, { ...moment, at: moment.receivedAt });
};
