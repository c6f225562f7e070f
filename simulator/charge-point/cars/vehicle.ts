import type { Random } from '../../random.ts';
import { amperesOf, type Limit, wattsOf } from '../smart-charging/outlet-limit.ts';

/** The car at the connector. */
export type Vehicle = {
  readonly batteryWh: number;
  /** Most direct-current power the battery takes below 80 %. */
  readonly directW: number;
  /** On-board charger: power per phase, and how many phases it uses. */
  readonly perPhaseW: number;
  readonly phases: 1 | 3;
  /** Where the driver, or the car, stops charging. */
  readonly targetPercent: number;
  readonly socPercent: number;
  /** Which part of an offered current the car uses: 1, unless it keeps below the offer. */
  readonly takesShare: number;
  /** By which part of that the power wavers downwards from minute to minute. */
  readonly wavers: number;
};

/** Battery kWh, DC kW, AC kW per phase, phases: classes of cars on the road. */
const classes: readonly [CarClass, ...CarClass[]] = [
  [40, 50, 6.6, 1],
  [52, 100, 7.4, 1],
  [58, 135, 3.7, 3],
  [64, 77, 3.7, 3],
  [77, 175, 3.7, 3],
  [82, 170, 3.7, 3],
  [93, 270, 7.4, 3],
  [107, 195, 3.7, 3],
];
type CarClass = readonly [batteryKwh: number, directKw: number, perPhaseKw: number, phases: 1 | 3];

/** A car as it arrives: full enough to get here, empty enough to charge. One in six uses less than it is offered. */
export const arrivingVehicle = (chance: Random): Vehicle => {
  const [batteryKwh, directKw, perPhaseKw, phases] = chance.pick(classes);
  const socPercent = chance.between(8, 65);
  return {
    batteryWh: batteryKwh * 1000,
    directW: directKw * 1000,
    perPhaseW: perPhaseKw * 1000,
    phases,
    socPercent,
    targetPercent: Math.max(socPercent + 5, chance.pick([80, 80, 90, 100])),
    takesShare: chance.pick([1, 1, 1, 1, 1, 0.85]),
    wavers: 0.03,
  };
};

/** Above 80 % a battery takes less and less: linearly down to a tenth at 100 %. */
const taper = (socPercent: number): number =>
  socPercent <= 80 ? 1 : Math.max(0.1, 1 - (0.9 * (socPercent - 80)) / 20);

/** Alternating-current outlets up to 7.4 kW have one phase. */
export const outletPhases = (ratedW: number): 1 | 3 => (ratedW <= 7400 ? 1 : 3);

/** Least current a car charges with (IEC 61851-1), A. */
const LEAST_A = 6;

export type Offer = { readonly ratedW: number; readonly alternating: boolean; readonly limit: Limit };

/** Below this an offer makes the car pause, W. */
export const floorW = (vehicle: Vehicle, { alternating, limit }: Offer): number =>
  alternating ? wattsOf(LEAST_A) * Math.min(vehicle.phases, limit.phases) : 0;

/** What the car takes now, W, of what the connector offers. Below six amperes a phase it pauses. */
export const takenW = (vehicle: Vehicle, { ratedW, alternating, limit }: Offer): number => {
  if (vehicle.socPercent >= vehicle.targetPercent) return 0;
  const batteryW = vehicle.directW * taper(vehicle.socPercent);
  if (!alternating) return Math.max(0, Math.min(batteryW, ratedW, limit.powerW) * vehicle.takesShare);
  const offeredA = amperesOf(limit);
  if (offeredA < LEAST_A) return 0;
  const phases = Math.min(vehicle.phases, limit.phases, outletPhases(ratedW));
  const perPhaseW = Math.min(vehicle.perPhaseW, ratedW / outletPhases(ratedW), wattsOf(offeredA) * vehicle.takesShare);
  return Math.min(perPhaseW * phases, batteryW);
};

/** Of what the meter counts, so much arrives in the battery, percent; the rest is heat. */
export const CHARGED_PERCENT = 92;

/** The car after this much energy went into it; some is lost as heat on the way. */
export const charged = (vehicle: Vehicle, energyWh: number): Vehicle => ({
  ...vehicle,
  socPercent: Math.min(100, vehicle.socPercent + (CHARGED_PERCENT * energyWh) / vehicle.batteryWh),
});
