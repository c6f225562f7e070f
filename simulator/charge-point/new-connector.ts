import type { DemoStation } from '../demo-network.ts';
import { isAlternating } from '../network/models.ts';
import { outletPhases } from './cars/vehicle.ts';
import type { SimulatedConnector } from './simulated-connector.ts';

/** A connector of a station that has just been switched on, at `at` in ms; its meter has counted before. */
export const newConnector = (
  connector: DemoStation['connectors'][number],
  registerWh: number,
  at: number,
): SimulatedConnector => {
  const alternating = isAlternating(connector.connectorType);
  return {
    ...connector,
    alternating,
    status: 'Available',
    statusAt: at,
    errorCode: 'NoError',
    registerWh,
    countedAt: at,
    powerW: 0,
    limit: { powerW: connector.ratedW, phases: alternating ? outletPhases(connector.ratedW) : 3 },
    softFault: false,
    operative: true,
    wake: () => {},
  };
};
