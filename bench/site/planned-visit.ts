import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Visit } from '../../simulator/charge-point/cars/drivers.ts';
import {
  arrivingVehicle,
  charged,
  type Offer,
  outletPhases,
  takenW,
  type Vehicle,
} from '../../simulator/charge-point/cars/vehicle.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';
import { isAlternating } from '../../simulator/network/models.ts';
import type { Random } from '../../simulator/random.ts';

/** A car at a connector: from when to when, what it can take there and what it wants, W and Wh at the meter. */
export type PlannedVisit = Visit & {
  readonly at: number;
  readonly presentsTagMs: number;
  readonly mostW: number;
  /** As far as it can be had in its stay if nobody limits it: a battery above 80 % takes less and less. */
  readonly wantsWh: number;
};

/** Cars that take all they are offered, or cars as they come: one in six keeps well below an offer, and the power of all wavers. */
export type Appetite = 'full' | 'modest';

type Outlet = DemoStation['connectors'][number];

/** The most a car takes at an outlet, W, before its battery is nearly full. */
const mostOf = ({ perPhaseW, phases, directW, takesShare }: Vehicle, { ratedW, connectorType }: Outlet): number => {
  if (!isAlternating(connectorType)) return Math.min(directW, ratedW) * takesShare;
  const used = Math.min(phases, outletPhases(ratedW));
  return Math.min(perPhaseW, ratedW / outletPhases(ratedW)) * used;
};

/** On-board chargers as outlets of the kind attract them: one with one phase would hold three times what it takes elsewhere. */
const phasesAt = ({ ratedW }: Outlet): Pick<Vehicle, 'phases' | 'perPhaseW'> =>
  outletPhases(ratedW) === 1
    ? { phases: 1, perPhaseW: 7_400 }
    : { phases: 3, perPhaseW: ratedW >= 22_000 ? 7_400 : 3_700 };

/** All an outlet gives when nothing limits it. */
export const fullOffer = ({ ratedW, connectorType }: Outlet): Offer => ({
  ratedW,
  alternating: isAlternating(connectorType),
  limit: { powerW: ratedW, phases: outletPhases(ratedW) },
});

const STEP_MS = 30_000;

/**
 * What a car takes in so long when it may take all it can, up to what it wants, Wh. No limit makes it more: batteries take less
 * the fuller they are.
 */
const unlimitedWh = (arriving: Vehicle, outlet: Outlet, durationMs: number): number => {
  const offer = fullOffer(outlet);
  let [vehicle, takenWh] = [arriving, 0];
  for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
    const energyWh = (takenW(vehicle, offer) * Math.min(STEP_MS, durationMs - passedMs)) / HOUR_MS;
    if (energyWh === 0) break;
    takenWh += energyWh;
    vehicle = charged(vehicle, energyWh);
  }
  return takenWh;
};

const visitOf = (at: number, stayMs: number, outlet: Outlet, appetite: Appetite, chance: Random): PlannedVisit => {
  const arriving = { ...arrivingVehicle(chance), ...phasesAt(outlet) };
  const vehicle = appetite === 'full' ? { ...arriving, takesShare: 1, wavers: 0 } : arriving;
  const presentsTagMs = chance.between(5, 15) * 1_000;
  const wantsWh = unlimitedWh(vehicle, outlet, stayMs - presentsTagMs);
  return { at, stayMs, vehicle, presentsTagMs, mostW: mostOf(vehicle, outlet), wantsWh };
};

/** Who comes to an outlet in the course of a day: at alternating current for work or the night, at direct current in passing. */
export const visitsTo = (
  outlet: Outlet,
  appetite: Appetite,
  startAt: number,
  durationMs: number,
  chance: Random,
): readonly PlannedVisit[] => {
  const visits: PlannedVisit[] = [];
  const add = (fromMs: number, stayMs: number): void => {
    if (fromMs < durationMs) visits.push(visitOf(startAt + fromMs, stayMs, outlet, appetite, chance));
  };
  if (isAlternating(outlet.connectorType)) {
    const comesMs = chance.between(7.5, 10) * HOUR_MS;
    const staysMs = chance.between(6, 8.5) * HOUR_MS;
    if (chance.chance(0.3)) add(chance.between(0, 0.5) * HOUR_MS, chance.between(3, 6.5) * HOUR_MS);
    add(comesMs, staysMs);
    if (chance.chance(0.7)) add(comesMs + staysMs + chance.between(0.3, 2) * HOUR_MS, chance.between(3, 6) * HOUR_MS);
    return visits;
  }
  for (let fromMs = chance.between(0.1, 7) * HOUR_MS; fromMs < Math.min(durationMs, 22 * HOUR_MS); ) {
    const stayMs = chance.between(20, 50) * MINUTE_MS;
    add(fromMs, stayMs);
    const isBusy = fromMs > 9 * HOUR_MS && fromMs < 19 * HOUR_MS;
    fromMs += stayMs + chance.between(3, isBusy ? 20 : 120) * MINUTE_MS;
  }
  return visits;
};
