import { electricsOfConnector, type RatedConnector } from '../registry/electrics.ts';
import { PHASE_VOLTAGE_V } from '../registry/nominal-voltage.ts';
import type { RegisteredConnector } from '../registry/registration.ts';
import type { Supply } from './charging-rate.ts';

/** As OCPP assumes where nothing is said. */
const UNREGISTERED: Supply = { current: 'AC', voltageV: PHASE_VOLTAGE_V, phases: 3 };

/** How a connector is supplied, from what is registered or copied of it; three phases where nothing is known. */
export const supplyOf = (connector: RatedConnector): Supply =>
  connector.ratedW > 0 ? electricsOfConnector(connector) : UNREGISTERED;

/**
 * How an EVSE is supplied for its limits (0: the station as a whole, with as many phases as any of its connectors). Where some
 * of its connectors give direct current, limits are written for that. Undefined for an EVSE that nobody registered.
 */
export const evseSupply = (connectors: readonly RegisteredConnector[], evseId: number): Supply | undefined => {
  const supplies = connectors.filter((one) => evseId === 0 || one.evseId === evseId).map(supplyOf);
  return (
    supplies.find(({ current }) => current === 'DC') ??
    supplies.toSorted((one, other) => other.phases - one.phases).at(0)
  );
};
