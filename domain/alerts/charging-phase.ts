import type { Connector } from '../connector/connector.ts';

/**
 * What a connector does with its car, as far as alerts care. 2.x says it in the transaction, 1.6 in the status.
 *
 * charging:      a session is open and the station says that it is charging: the car should be drawing.
 * suspendedEV:   the car draws nothing by its own decision.
 * suspendedEVSE: the station, or a limit of ours, gives nothing.
 * done:          connected, and nobody expects energy: the car is full, or the session is over and the cable still in.
 */
export type ChargingPhase = 'charging' | 'suspendedEV' | 'suspendedEVSE' | 'done';

/** Whether the car of a session that has ended is still there: 2.x has no status of its own for that. */
const isLeftOver = ({ session, status, report, recent: [last] }: Connector): boolean =>
  session === undefined && status === 'occupied' && report !== undefined && report.at <= (last?.endedAt ?? 0);

/** The phase; undefined where nothing of this is told. */
export const chargingPhase = (connector: Connector): ChargingPhase | undefined => {
  const { session, status } = connector;
  const told = session?.chargingState ?? status;
  if (told === 'suspendedEV' || told === 'suspendedEVSE') return told;
  if (status === 'finishing' || told === 'evConnected' || told === 'idle' || isLeftOver(connector)) return 'done';
  return session !== undefined && told === 'charging' ? 'charging' : undefined;
};
