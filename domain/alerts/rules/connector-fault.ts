import type { ConnectorRule } from '../rule.ts';

/** These have rules of their own. */
const told: readonly string[] = ['GroundFailure', 'HighTemperature'];

/**
 * Looks at what the connector itself last said: a fault of the whole station (connector 0) overlays every connector,
 * and would otherwise be told once per connector.
 */
export const connectorFault: ConnectorRule = {
  name: 'connector-fault',
  subject: 'connector',
  severity: 'major',
  driven: 'change',
  about:
    'Raised when a connector reports Faulted, as a warning when it reports an error code without it; clears with the next healthy status.',
  check: ({ report }) => {
    if (!report || (report.errorCode !== undefined && told.includes(report.errorCode))) return undefined;
    const faulted = report.status === 'faulted';
    if (!faulted && report.errorCode === undefined) return undefined;
    const code = report.errorCode ?? report.vendorErrorCode ?? 'no error code';
    return {
      since: report.at,
      severity: faulted ? 'major' : 'warning',
      summary: faulted ? `Faulted (${code})` : `Reports ${code} while ${report.status}`,
      detail: {
        status: report.status,
        ...(report.errorCode === undefined ? {} : { errorCode: report.errorCode }),
        ...(report.vendorErrorCode === undefined ? {} : { vendorErrorCode: report.vendorErrorCode }),
        ...(report.info === undefined ? {} : { info: report.info }),
      },
    };
  },
};
