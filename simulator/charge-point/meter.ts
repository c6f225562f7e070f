import type { Random } from '../random.ts';
import { limitW } from './charging-profile.ts';
import type { Plug, Sample } from './simulated-connector.ts';
import { charged, outletPhases, takenW } from './vehicle.ts';

const phasesOf = (plug: Plug): 1 | 3 => (plug.alternating ? outletPhases(plug.ratedW) : 1);

/** What the profiles allow this plug now, W; never more than its rating. */
export const offeredW = (plug: Plug, at: number): number =>
  Math.min(
    plug.ratedW,
    limitW(plug.profiles, { at, transactionStartedAt: plug.transaction?.startedAt ?? at, phases: phasesOf(plug) }),
  );

/** Counts the energy that flowed since the last look, and finds the power that flows from now on. */
export const count = (plug: Plug, at: number, chance: Random): void => {
  const energyWh = (plug.powerW * Math.max(0, at - plug.countedAt)) / 3_600_000;
  plug.registerWh += energyWh;
  plug.countedAt = at;
  if (!plug.vehicle) {
    plug.powerW = 0;
    return;
  }
  plug.vehicle = charged(plug.vehicle, energyWh);
  const takes = takenW(plug.vehicle, {
    ratedW: plug.ratedW,
    alternating: plug.alternating,
    limitW: offeredW(plug, at),
  });
  plug.powerW = plug.transaction && !plug.softFault ? takes * chance.between(0.97, 1) : 0;
};

/** What the meter shows, at the moment it was last counted. */
export const sampleOf = (plug: Plug, chance: Random): Sample => {
  const load = plug.powerW / plug.ratedW;
  const loadVoltageV = plug.alternating ? chance.between(228, 236) - 4 * load : 340 + (plug.vehicle?.socPercent ?? 0);
  return {
    at: plug.countedAt,
    registerWh: plug.registerWh,
    powerW: plug.powerW,
    offeredW: offeredW(plug, plug.countedAt),
    voltageV: loadVoltageV,
    phases: Math.min(plug.vehicle?.phases ?? 1, phasesOf(plug)) === 3 ? 3 : 1,
    alternating: plug.alternating,
    ...(plug.alternating || !plug.vehicle ? {} : { socPercent: plug.vehicle.socPercent }),
    temperatureC: 22 + 18 * load + chance.between(-1, 1),
  };
};
