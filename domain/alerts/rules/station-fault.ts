import type { StationRule } from '../rule.ts';

/** These have rules of their own. */
const told: readonly (string | undefined)[] = ['GroundFailure', 'WeakSignal'];

/** Connector 0 speaks for the station: one alert for it, none for the connectors it overlays. */
export const stationFault: StationRule = {
  name: 'station-fault',
  subject: 'station',
  severity: 'major',
  driven: 'change',
  about:
    'Raised when a station reports itself (connector 0) Faulted, as a warning when it reports an error code without it; clears with its next healthy status.',
  check: ({ state }) => {
    const report = state?.report;
    if (!report || told.includes(report.errorCode)) return undefined;
    const faulted = report.status === 'faulted';
    if (!faulted && report.errorCode === undefined) return undefined;
    const code = report.errorCode ?? report.vendorErrorCode ?? 'no error code';
    return {
      since: report.at,
      severity: faulted ? 'major' : 'warning',
      summary: faulted ? `Station faulted (${code})` : `Station reports ${code} while ${report.status}`,
      detail: {
        ...(report.errorCode === undefined ? {} : { errorCode: report.errorCode }),
        ...(report.vendorErrorCode === undefined ? {} : { vendorErrorCode: report.vendorErrorCode }),
        ...(report.info === undefined ? {} : { info: report.info }),
      },
    };
  },
};
