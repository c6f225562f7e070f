import { reportedFault } from '../reported-fault.ts';
import type { ConnectorRule } from '../rule.ts';

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
  check: ({ report }) =>
    reportedFault(report, ['GroundFailure', 'HighTemperature'], { faulted: 'Faulted', reports: 'Reports' }),
};
