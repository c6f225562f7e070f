import type { SimulatedConnector } from '../simulated-connector.ts';
import type { StationContext } from '../station-context.ts';

const second = 1000;
const minute = 60 * second;

/**
 * What will go wrong during a session, as instants, ms since the epoch: mostly nothing. A soft fault is a car that draws no
 * power although the status says Charging.
 */
export const plannedFaults = ({ chance, now, rate, faults }: StationContext) => {
  if (!faults) return { faultAt: Infinity, softFaultAt: Infinity, softFaultMs: 0 };
  const span = (low: number, high: number) => now() + chance.between(low, high) / rate;
  return {
    faultAt: chance.chance(0.03) ? span(2 * minute, 20 * minute) : Infinity,
    softFaultAt: chance.chance(0.05) ? span(minute, 15 * minute) : Infinity,
    softFaultMs: chance.between(2 * minute, 6 * minute),
  };
};

const errorCodes: readonly [string, ...string[]] = [
  'ConnectorLockFailure',
  'GroundFailure',
  'HighTemperature',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'UnderVoltage',
  'InternalError',
];

/** The connector is broken for a while. */
export const breakDown = async (connector: SimulatedConnector, context: StationContext): Promise<void> => {
  const { chance } = context;
  context.setStatus(connector, 'Faulted', chance.pick(errorCodes));
  await context.pause(connector, Math.max(20 * second, chance.between(2 * minute, 10 * minute) / context.rate));
  context.setStatus(connector, 'Available');
};
