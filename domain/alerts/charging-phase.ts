import type { Connector } from '../connector/connector.ts';

/** Whose decision it is that a car in session draws nothing. 2.x says it in the transaction, 1.6 in the status. */
export const suspendedBy = ({ session, status }: Connector): 'EV' | 'EVSE' | undefined => {
  const said = session?.chargingState ?? status;
  if (said === 'suspendedEV') return 'EV';
  return said === 'suspendedEVSE' ? 'EVSE' : undefined;
};

/** The car should be drawing: a session is open and the station says that it is charging. */
export const isCharging = ({ session, status }: Connector): boolean =>
  session !== undefined && (session.chargingState ?? status) === 'charging';

/** Connected, and nobody expects energy: the car is full, or the session is over and the cable still in. */
export const isDone = ({ session, status }: Connector): boolean =>
  status === 'finishing' || session?.chargingState === 'evConnected' || session?.chargingState === 'idle';
