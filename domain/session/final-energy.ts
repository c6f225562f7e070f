import { omitUndefined } from '../kernel/omit-undefined.ts';
import { roundWh } from './meter-curve.ts';
import { energyBy, fits, type Known, STEP_WH, stepOf } from './register.ts';

/** Readings of a unit too small end a little before the stop. */
const THOUSAND_TOLERANCE = 0.1;

export type FinalEnergy = {
  readonly energyWh: number;
  readonly suspect?: string;
  /** The readings did not add up to it: neither does the curve they made. */
  readonly isRescaled?: true;
};

/** What the register of the stop means in the ordinary way: from the start, or by the register as it was read. */
const ordinaryMeanings = ({ meterStartWh, register }: Known, meterStopWh: number): readonly number[] => [
  ...(meterStartWh === undefined ? [] : [meterStopWh - meterStartWh]),
  ...(register === undefined
    ? []
    : [energyBy(register, meterStopWh), register.carriedWh + meterStopWh - register.zeroWh]),
];

/** Whether the readings, told in steps, ended above stop minus start by no more than they were rounded up. */
const isRoundedUp = ({ energyWh, meterStartWh, register }: Known, meterStopWh: number): boolean => {
  if (meterStartWh === undefined || register === undefined || meterStopWh < meterStartWh) return false;
  const stepWh = stepOf(roundWh(energyWh - register.carriedWh + register.zeroWh));
  const aboveWh = energyWh - (meterStopWh - meterStartWh);
  return stepWh > STEP_WH && aboveWh > 0 && aboveWh < stepWh;
};

/**
 * Whether the readings fell and went on from there: one of before was too high, or the register lost what it had counted. One
 * that was reset began at 0 again.
 */
const hasFallen = ({ register }: Known): boolean => {
  if (register?.before === undefined || register.zeroWh <= 0) return false;
  const { before, factor, zeroWh, carriedWh } = register;
  return energyBy({ factor, ...before }, zeroWh / factor) < carriedWh - STEP_WH;
};

/** The most energy, Wh, that the whole session can have delivered, and that its readings can have left out. */
export type MostEnergy = { readonly wholeWh: number; readonly lostWh: number };

/**
 * Final energy of a session: what meterStop means, if that continues the readings and these neither lost something nor fell;
 * otherwise meterStop - meterStart, if the connector can have delivered it; otherwise what the readings said. `suspect` tells
 * what does not fit.
 */
export const finalEnergy = (
  known: Known,
  meterStopWh: number | undefined,
  { wholeWh, lostWh }: MostEnergy,
): FinalEnergy => {
  const { meterStartWh, energyWh } = known;
  if (meterStopWh === undefined) return { energyWh };
  const meanings = ordinaryMeanings(known, meterStopWh);
  // Without a start and without readings a stop register proves nothing, for or against.
  if (meanings.length === 0) return { energyWh };
  const isBelowStart = meterStartWh !== undefined && meterStopWh < meterStartWh;
  const belowStart = isBelowStart ? 'meterStop is below meterStart' : undefined;
  const found = meanings.find((candidateWh) => fits(known, candidateWh));
  const betweenWh = meterStopWh - (meterStartWh ?? meterStopWh);
  const isBetweenPossible = betweenWh > 0 && betweenWh <= wholeWh;
  // Readings of a queue come faster than they were taken: the register seems to jump, or not to fit meterStart, and what that
  // left out is in stop minus start alone. A meterStart of 0 may be none.
  const hasLost = found !== undefined && found < betweenWh && betweenWh - found <= lostWh && meterStartWh !== 0;
  if (isRoundedUp(known, meterStopWh)) return { energyWh: betweenWh, isRescaled: true };
  const isRefuted = isBetweenPossible && (hasLost || hasFallen(known));
  if (found !== undefined && !isRefuted)
    return { energyWh: Math.max(energyWh, found), ...omitUndefined({ suspect: belowStart }) };
  if (isBetweenPossible) {
    const isThousandfold = energyWh > 0 && Math.abs(betweenWh - energyWh * 1000) <= betweenWh * THOUSAND_TOLERANCE;
    return {
      energyWh: betweenWh,
      suspect: isThousandfold
        ? 'the register says Wh and means kWh'
        : 'the readings do not fit meterStart and meterStop',
      isRescaled: true,
    };
  }
  if (isBelowStart && fits(known, meterStopWh))
    return { energyWh: meterStopWh, ...omitUndefined({ suspect: belowStart }) };
  return { energyWh, suspect: belowStart ?? 'meterStop does not fit rated power and time' };
};
