import { energyBy, fits, type Known } from './register.ts';

/** Readings of a unit too small end a little before the stop. */
const THOUSAND_TOLERANCE = 0.1;

export type FinalEnergy = {
  readonly energyWh: number;
  readonly suspect?: string;
  /** The readings were a thousandth of the truth: so is the curve they made. */
  readonly isRescaled?: true;
};

/**
 * Final energy of a session: meterStop - meterStart where that is plausible and agrees with the readings, otherwise what
 * the readings said. `suspect` tells what was not believed. `wholeWh` is the most
 * the whole session can have delivered.
 */
export const finalEnergy = (known: Known, meterStopWh: number | undefined, wholeWh: number): FinalEnergy => {
  const { meterStartWh, register, energyWh } = known;
  if (meterStopWh === undefined) return { energyWh };
  const meanings = [
    ...(meterStartWh === undefined ? [] : [meterStopWh - meterStartWh]),
    ...(register === undefined
      ? []
      : [energyBy(register, meterStopWh), register.carriedWh + meterStopWh - register.zeroWh]),
    ...(meterStartWh === undefined ? [] : [meterStopWh, (meterStopWh - meterStartWh) * 1000]),
  ];
  const found = meanings.find((candidateWh) => fits(known, candidateWh));
  // Without a start and without readings a stop register proves nothing, for or against.
  if (meanings.length === 0) return { energyWh };
  if (found !== undefined) return { energyWh: Math.max(energyWh, found) };
  const betweenWh = meterStopWh - (meterStartWh ?? meterStopWh);
  const isThousandfold =
    betweenWh <= wholeWh && Math.abs(betweenWh - energyWh * 1000) <= betweenWh * THOUSAND_TOLERANCE;
  if (energyWh > 0 && isThousandfold) {
    return { energyWh: betweenWh, suspect: 'the register says Wh and means kWh', isRescaled: true };
  }
  return { energyWh, suspect: 'meterStop does not fit rated power and time' };
};
