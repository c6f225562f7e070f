import type { ReportedStatus, StatusReported } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';

/** What a connector or station itself last reported of its status, by event time with receive time as tie-break. */
export type StatusReport = {
  readonly status: ReportedStatus;
  /** The station's own word. */
  readonly vendorStatus: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly errorCode?: string;
  readonly vendorErrorCode?: string;
  readonly info?: string;
};

/** Event time for ordering statuses: never later than its arrival, so that a fast clock cannot pin a status. */
const orderedAt = ({ at, receivedAt }: { at: number; receivedAt: number }): number => Math.min(at, receivedAt);

/** What a StatusReported says, as it is kept. */
export const statusReportOf = (fact: StatusReported): StatusReport => {
  const { status, vendorStatus, receivedAt, errorCode, vendorErrorCode, info } = fact;
  return {
    status,
    vendorStatus,
    at: orderedAt(fact),
    receivedAt,
    ...omitUndefined({ errorCode, vendorErrorCode, info }),
  };
};

/** Whether a newer report is known: this one is older by event time, or as old and received earlier. */
export const isOvertaken = (report: StatusReport, before: StatusReport | undefined): boolean =>
  before !== undefined && (report.at < before.at || (report.at === before.at && report.receivedAt < before.receivedAt));

/** Whether a report says again what is known: a duplicate, on which nothing may happen. */
export const isRepeated = (report: StatusReport, before: StatusReport | undefined): boolean =>
  before !== undefined &&
  report.at === before.at &&
  report.status === before.status &&
  report.vendorStatus === before.vendorStatus &&
  report.errorCode === before.errorCode &&
  report.vendorErrorCode === before.vendorErrorCode;

/** A station-wide status that overlays its connectors. Every other one is about the station alone. */
export const isOverlay = (report: StatusReport | undefined): report is StatusReport =>
  report?.status === 'unavailable' || report?.status === 'faulted';
