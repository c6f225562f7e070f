import type { StatusReported } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { StatusReport } from './connector.ts';

/** Event time for ordering statuses: never later than its arrival, so that a fast clock cannot pin a status. */
const orderedAt = ({ at, receivedAt }: { at: number; receivedAt: number }): number => Math.min(at, receivedAt);

/** What a StatusReported says, as it is kept. */
export const reportOf = (fact: StatusReported): StatusReport => {
  const { status, vendorStatus, receivedAt, errorCode, vendorErrorCode, info } = fact;
  return {
    status,
    vendorStatus,
    at: orderedAt(fact),
    receivedAt,
    ...omitUndefined({ errorCode, vendorErrorCode, info }),
  };
};

/** Whether a report was overtaken by the one before it: older by event time, or as old and received earlier. */
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
