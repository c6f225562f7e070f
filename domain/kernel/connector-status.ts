import { type ReportedStatus, reportedStatuses } from './fact.ts';

/** Effective status: what an operator sees. 'offline' and a station-wide status overlay what the connector last said. */
export type ConnectorStatus = ReportedStatus | 'offline';

/** Every effective status there is. */
export const connectorStatuses: readonly ConnectorStatus[] = [...reportedStatuses, 'offline', 'unknown'];
