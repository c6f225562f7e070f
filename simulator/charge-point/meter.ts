import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Random } from '../random.ts';
import { charged, outletPhases, takenW } from './cars/vehicle.ts';
import type { MeterSample, SimulatedConnector } from './simulated-connector.ts';
import { limitW } from './smart-charging/charging-profile.ts';

const phasesOf = (connector: SimulatedConnector): 1 | 3 => (connector.alternating ? outletPhases(connector.ratedW) : 1);

/** What the profiles allow this connector now, W; never more than its rating. */
export const offeredW = (connector: SimulatedConnector, at: number): number =>
  Math.min(
    connector.ratedW,
    limitW(connector.profiles, {
      at,
      transactionStartedAt: connector.transaction?.startedAt ?? at,
      phases: phasesOf(connector),
    }),
  );

/** Counts the energy that flowed since the last look, and finds the power that flows from now on. */
export const advanceMeter = (connector: SimulatedConnector, at: number, chance: Random): void => {
  const energyWh = (connector.powerW * Math.max(0, at - connector.countedAt)) / 3_600_000;
  connector.registerWh += energyWh;
  connector.countedAt = at;
  if (!connector.vehicle) {
    connector.powerW = 0;
    return;
  }
  connector.vehicle = charged(connector.vehicle, energyWh);
  const takes = takenW(connector.vehicle, {
    ratedW: connector.ratedW,
    alternating: connector.alternating,
    limitW: offeredW(connector, at),
  });
  connector.powerW = connector.transaction && !connector.softFault ? takes * chance.between(0.97, 1) : 0;
};

/** What the meter shows, at the moment it was last counted. */
export const readMeter = (connector: SimulatedConnector, chance: Random): MeterSample => {
  const load = connector.powerW / connector.ratedW;
  const loadVoltageV = connector.alternating
    ? chance.between(228, 236) - 4 * load
    : 340 + (connector.vehicle?.socPercent ?? 0);
  return {
    at: connector.countedAt,
    registerWh: connector.registerWh,
    powerW: connector.powerW,
    offeredW: offeredW(connector, connector.countedAt),
    voltageV: loadVoltageV,
    phases: Math.min(connector.vehicle?.phases ?? 1, phasesOf(connector)) === 3 ? 3 : 1,
    alternating: connector.alternating,
    ...omitUndefined({ socPercent: connector.alternating ? undefined : connector.vehicle?.socPercent }),
    temperatureC: 22 + 18 * load + chance.between(-1, 1),
  };
};
