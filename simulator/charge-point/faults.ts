import type { Plug } from './simulated-connector.ts';
import type { Scene } from './station-context.ts';

const second = 1000;
const minute = 60 * second;

/** What will go wrong during a visit: mostly nothing. */
export const misfortune = ({ chance, now, rate }: Scene) => {
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
export const breakDown = async (plug: Plug, scene: Scene): Promise<void> => {
  const { chance } = scene;
  scene.setStatus(plug, 'Faulted', chance.pick(errorCodes));
  await scene.pause(plug, Math.max(20 * second, chance.between(2 * minute, 10 * minute) / scene.rate));
  scene.setStatus(plug, 'Available');
};
