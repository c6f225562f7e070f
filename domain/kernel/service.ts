import type { ConnectorStatus } from './connector-status.ts';
import { unreachable } from './unreachable.ts';

/**
 * up: serves or could serve a driver. Suspended*, Preparing, Finishing and Reserved are use, not failure.
 * down: said to be out of order. unknown: nobody can say, because it is offline or never reported.
 */
export type Service = 'up' | 'down' | 'unknown';

export const serviceOf = (status: ConnectorStatus): Service => {
  switch (status) {
    case 'available':
    case 'occupied':
    case 'preparing':
    case 'charging':
    case 'suspendedEV':
    case 'suspendedEVSE':
    case 'finishing':
    case 'reserved':
      return 'up';
    case 'unavailable':
    case 'faulted':
      return 'down';
    case 'offline':
    case 'unknown':
      return 'unknown';
    default:
      return unreachable(status);
  }
};
