import type { ConnectorStatus } from '../kernel/connector-status.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import type { Connector, StatusReport } from './connector.ts';

/** A station-wide status that overlays its connectors. Every other one is about the station alone. */
export const overlays = (report: StatusReport | undefined): boolean =>
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
const speaking = ({ report, stationReport }: Connector): StatusReport | undefined =>
  overlays(stationReport) ? stationReport : report;

/** What is wrong, in the words of that report. */
export const errorOf = (connector: Connector): { errorCode?: string; vendorErrorCode?: string; info?: string } => {
  const report = speaking(connector);
  return omitUndefined({ errorCode: report?.errorCode, vendorErrorCode: report?.vendorErrorCode, info: report?.info });
};

/**
 * Brings `status` in line after one of its causes changed; `moment.at` is when. Intervals never overlap: a status begins
 * no earlier than the one before it.
 */
export const restated = (connector: Connector, moment: EventContext): Transition<Connector> => {
  const status = effectiveStatus(connector);
  if (status === connector.status) return unchanged(connector);
  const at = Math.max(connector.statusAt, moment.at);
  const change: PendingChange = {
    type: 'ConnectorStatusChanged',
    ...contextFields(moment),
    at,
    from: connector.status,
    to: status,
    fromAt: connector.statusAt,
    ...(status === 'offline' ? {} : errorOf(connector)),
  };
  return { next: { ...connector, status, statusAt: at }, changes: [change] };
};
