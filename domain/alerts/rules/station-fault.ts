import type { StationRule } from '../rule.ts';

/** Connector 0 speaks for the station: one alert for it, none for the connectors it overlays. */
export const stationFault: StationRule = {
  name: 'station-fault',
  subject: 'station',
  severity: 'major',
  driven: 'change',
  about: 'Raised when a station reports itself (connector 0) Faulted; clears with its next healthy status.',
  check: ({ state }) => {
    const report = state?.report;
    if (report?.status !== 'faulted' || report.errorCode === 'GroundFailure') return undefined;
    return {
      since: report.at,
      summary: `Station faulted (${report.errorCode ?? report.vendorErrorCode ?? 'no error code'})`,
      detail: {
        ...(report.errorCode === undefined ? {} : { errorCode: report.errorCode }),
        ...(report.vendorErrorCode === undefined ? {} : { vendorErrorCode: report.vendorErrorCode }),
        ...(report.info === undefined ? {} : { info: report.info }),
      },
    };
  },
};
