import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Random } from '../random.ts';
import { outletPhases } from './cars/vehicle.ts';
import type { MeterSample, SimulatedConnector } from './simulated-connector.ts';

/** What the meter shows, at the moment it was last counted. */
export const readMeter = (connector: SimulatedConnector, chance: Random): MeterSample => {
  const { alternating, ratedW, vehicle, limit } = connector;
  const load = connector.powerW / ratedW;
  const loadVoltageV = alternating ? chance.between(228, 236) - 4 * load : 340 + (vehicle?.socPercent ?? 0);
  const phases = Math.min(vehicle?.phases ?? 1, limit.phases, outletPhases(ratedW));
  return {
    at: connector.countedAt,
    registerWh: connector.registerWh,
    powerW: connector.powerW,
    offeredW: limit.powerW,
    voltageV: loadVoltageV,
    phases: alternating && phases === 3 ? 3 : 1,
    phase: limit.phase ?? 1,
    alternating,
    ...omitUndefined({ socPercent: alternating ? undefined : vehicle?.socPercent }),
    temperatureC: 22 + 18 * load + chance.between(-1, 1),
  };
};

/** The conductors that carry current, as meters name them. */
export const conductorsOf = ({ phases, phase }: MeterSample): readonly string[] =>
  phases === 1 ? [`L${phase}`] : ['L1', 'L2', 'L3'];
