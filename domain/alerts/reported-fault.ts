import type { StatusReport } from '../connector/status-report.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Finding } from './rule.ts';

/** What a fault is called: with status Faulted, and as an error code without it. */
type Words = { readonly faulted: string; readonly reports: string };

/**
 * The fault in a status report: major, or a warning where it is an error code without status Faulted. Undefined for none, and
 * for error codes that have rules of their own (`elsewhere`).
 */
export const reportedFault = (
  report: StatusReport | undefined,
  elsewhere: readonly string[],
  { faulted, reports }: Words,
): Finding | undefined => {
  if (!report || (report.errorCode !== undefined && elsewhere.includes(report.errorCode))) return undefined;
  const { status, errorCode, vendorErrorCode, info } = report;
  const isFaulted = status === 'faulted';
  if (!isFaulted && errorCode === undefined) return undefined;
  const code = errorCode ?? vendorErrorCode ?? 'no error code';
  return {
    since: report.at,
    severity: isFaulted ? 'major' : 'warning',
    summary: isFaulted ? `${faulted} (${code})` : `${reports} ${code} while ${status}`,
    detail: { status, ...omitUndefined({ errorCode, vendorErrorCode, info }) },
  };
};
