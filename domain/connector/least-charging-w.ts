import { electricsOfConnector, minimumWOf } from '../registry/electrics.ts';
import type { Connector } from './connector.ts';

/** Limits are kept in watts to the tenth, and a minimum in amperes need not be whole watts. */
const ROUNDING_W = 1;

/**
 * The least limit under which the car of a connector charges, W: with less per phase there is no pilot signal, and a
 * direct-current charger gives nothing. A car that is known to use fewer conductors needs as much less.
 */
export const leastChargingW = ({ place, session }: Connector): number => {
  const { current, phases } = electricsOfConnector(place);
  const used = current === 'AC' ? Math.min(phases, session?.conductors?.length ?? phases) : phases;
  return (minimumWOf(place) * used) / phases - ROUNDING_W;
};
