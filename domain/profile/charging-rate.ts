import type { ChargingRate, PhaseCount } from '../kernel/charging-profile.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { LEAST_PILOT_A } from '../registry/electrics.ts';

/** OCPP's chargingRateUnit. */
export type RateUnit = 'W' | 'A';

/** What amperes and watts have to do with each other at an EVSE: as much of its electrics as a rate depends on. */
export type Supply = {
  /** What it gives to the vehicle. */
  readonly current: 'AC' | 'DC';
  /** V, between line and neutral; between the lines where one phase is taken off two lines (North America). */
  readonly voltageV: number;
  readonly phases: PhaseCount;
  /** Of alternating current: the least that can be offered, A; 6 (IEC 61851-1) if absent. */
  readonly minimumA?: number;
};

/** The least an EVSE can offer other than nothing, W; 0 for direct current, where stations differ. */
export const leastW = ({ current, voltageV, phases, minimumA = LEAST_PILOT_A }: Supply): number =>
  current === 'AC' ? minimumA * voltageV * phases : 0;

const fewer = (one: PhaseCount, other: PhaseCount): PhaseCount => (one < other ? one : other);

/** The phases that a rate may use at an EVSE; OCPP: three if the profile does not say, and no more than it has. */
const phasesUsed = ({ phases: wanted = 3 }: { readonly phases?: PhaseCount }, { phases }: Supply): PhaseCount =>
  fewer(wanted, phases);

/** What a rate comes to at an EVSE, W. Amperes are those of its supply, per phase. */
export const rateW = (rate: ChargingRate & { readonly phases?: PhaseCount }, supply: Supply): number =>
  rate.limitW ?? rate.limitA * supply.voltageV * phasesUsed(rate, supply);

/** Down to a multiple of 0.1, the finest step OCPP 1.6 knows. The sum absorbs what a division leaves behind (59.999999999). */
const toTenth = (value: number): number => Math.floor(10 * value + 1e-6) / 10;

/** A rate as a station takes it: a number in a unit, for so many phases. */
export type WrittenRate = {
  readonly unit: RateUnit;
  /** A multiple of 0.1. */
  readonly limit: number;
  /** Of alternating current only. */
  readonly numberPhases?: PhaseCount;
  /** What it limits to, W: at most what was asked for, unless that was raised to the minimum. */
  readonly limitW: number;
};

/**
 * A rate in the unit a station takes, never more than asked for. Alternating current below the minimum cannot be offered: it
 * becomes a pause (0), or the minimum if `below` says so and it was not 0.
 */
export const writtenRate = (
  rate: ChargingRate & { readonly phases?: PhaseCount },
  unit: RateUnit,
  supply: Supply,
  below: 'pause' | 'minimum' = 'pause',
): WrittenRate => {
  const { current, voltageV, minimumA = LEAST_PILOT_A } = supply;
  const phases = phasesUsed({ phases: rate.phases ?? supply.phases }, supply);
  const wattsPerAmpere = voltageV * phases;
  const [asked, least, stepW] =
    unit === 'A'
      ? [rate.limitA ?? rate.limitW / wattsPerAmpere, minimumA, wattsPerAmpere]
      : [rate.limitW ?? rate.limitA * wattsPerAmpere, minimumA * wattsPerAmpere, 1];
  const floored = toTenth(Math.max(0, asked));
  const isOffered = current === 'DC' || floored >= toTenth(least);
  const raised = below === 'minimum' && asked > 0 ? Math.ceil(10 * least - 1e-6) / 10 : 0;
  const limit = isOffered ? floored : raised;
  const numberPhases = current === 'AC' ? phases : undefined;
  return { unit, limit, limitW: limit * stepW, ...omitUndefined({ numberPhases }) };
};

/** The unit to write a profile in: amperes for alternating current and watts for direct current, if the station takes them. */
export const unitFor = ({ current }: Supply, allowed: readonly RateUnit[] = ['A', 'W']): RateUnit | undefined => {
  const preferred = current === 'AC' ? 'A' : 'W';
  if (allowed.includes(preferred)) return preferred;
  // Watts can be split over phases by the station; amperes of direct current mean something else to each vendor.
  return current === 'AC' && allowed.includes('W') ? 'W' : undefined;
};
