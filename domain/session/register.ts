import { HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';

/** How the register of a session is to be read. */
export type Register = {
  /** Register value (Wh, after `factor`) that counts as 0 Wh of this session. */
  readonly zeroWh: number;
  /** 1; 1000 where a station says Wh and means kWh; 0.001 where it says kWh and means Wh. */
  readonly factor: number;
  /** Energy delivered before the register was last reset within the session. */
  readonly carriedWh: number;
  /** A reading that was too far off to be believed (Wh, after `factor`): the next one confirms or refutes it. */
  readonly doubtWh?: number;
  /** How the register was read, or by its start should have been, before it showed something else: it may come back. */
  readonly before?: Pick<Register, 'zeroWh' | 'carriedWh'>;
};

/** Taken for the rating of a connector nobody registered. */
export const UNKNOWN_RATING_W = 500_000;
/** Stamps of one message and the next may be off by this: some chargers stamp to the minute, and clocks are corrected. */
export const STAMP_TOLERANCE_MS = 2 * MINUTE_MS;
/** Registers step by up to a tenth of a kWh. */
const STEP_TOLERANCE_WH = 500;
const RATING_TOLERANCE = 1.5;

/** The most a connector can have delivered in `durationMs`, Wh: its rating and time, generously. Rating 0 is unknown. */
export const plausibleWh = (ratedW: number, durationMs: number): number =>
  ((ratedW > 0 ? ratedW : UNKNOWN_RATING_W) * RATING_TOLERANCE * (Math.max(0, durationMs) + STAMP_TOLERANCE_MS)) /
    HOUR_MS +
  STEP_TOLERANCE_WH;

/** What is known when a register is read. Raw values are Wh as reported. */
export type Known = {
  readonly register?: Register;
  readonly meterStartWh?: number;
  /** Session energy so far. */
  readonly energyWh: number;
  /** The most that can have been delivered since. */
  readonly gainWh: number;
  /** The most that can have been delivered since that last rose: a meter that is not read anew shows the same, or 0, again. */
  readonly gainSinceRiseWh: number;
  /** No reading of this session has been taken into account yet. */
  readonly isFirst: boolean;
  /** Last reading of the connector's register outside a session. */
  readonly idleWh?: number;
  /** The charger itself marked this reading as the one of the beginning. */
  readonly atBegin: boolean;
};

/** The session's energy by this reading, how to read the register from now on, and what is wrong with it, if anything. */
export type Interpretation = { readonly energyWh: number; readonly register: Register; readonly suspect?: string };

/** Integer registers beside fractional readings may seem to fall by one. */
export const STEP_WH = 1;
/** Steps of registers that are told in kWh with fewer decimals than others of the same meter, largest first. */
const COARSE_STEPS_WH = [1000, 100, 10];

/** The step a register (Wh) may be told in, by what it shows: others of its meter lie less than that off it. 0 tells of none. */
export const stepOf = (registerWh: number): number =>
  registerWh === 0 ? STEP_WH : (COARSE_STEPS_WH.find((stepWh) => registerWh % stepWh === 0) ?? STEP_WH);

const plain = (zeroWh: number, factor = 1): Register => ({ zeroWh, factor, carriedWh: 0 });

/** The session's energy by a raw register reading. */
export const energyBy = ({ carriedWh, factor, zeroWh }: Register, rawWh: number): number =>
  carriedWh + rawWh * factor - zeroWh;

/** Whether an energy continues what is known: not less than before, and no more than can have been delivered since. */
export const fits = ({ energyWh, gainWh }: Pick<Known, 'energyWh' | 'gainWh'>, candidateWh: number): boolean =>
  candidateWh >= energyWh - STEP_WH && candidateWh <= energyWh + gainWh;

/** Whether a raw register, read so, continues what is known: it may show a part of its step less. */
const continues = (known: Pick<Known, 'energyWh' | 'gainWh'>, register: Register, rawWh: number): boolean => {
  const belowWh = known.energyWh - energyBy(register, rawWh);
  return (belowWh > 0 && belowWh < stepOf(rawWh * register.factor)) || fits(known, energyBy(register, rawWh));
};

/** How the first reading of a session can be meant, most ordinary meaning first. */
const firstMeanings = ({ meterStartWh, idleWh, atBegin }: Known): readonly (readonly [Register, string?])[] => {
  const sinceIdle: readonly (readonly [Register, string?])[] = idleWh === undefined ? [] : [[plain(idleWh)]];
  if (meterStartWh === undefined) return atBegin ? [] : [...sinceIdle, [plain(0)]];
  // A meterStart of 0 has no unit to compare with: any large register would look like a thousandth of itself.
  const inOtherUnits: readonly (readonly [Register, string?])[] =
    meterStartWh === 0
      ? []
      : [
          [plain(meterStartWh, 0.001), 'the register says kWh and means Wh'],
          [plain(meterStartWh, 1000), 'the register says Wh and means kWh'],
        ];
  return [
    [plain(meterStartWh)],
    ...inOtherUnits,
    ...sinceIdle.map(([register]) => [register, 'meterStart does not belong to the register'] as const),
    [plain(0), 'the register counts the session, meterStart does not'],
  ];
};

const first = (known: Known, rawWh: number): Interpretation => {
  const { meterStartWh } = known;
  const meant = (register: Register): Register =>
    meterStartWh === undefined || register.zeroWh === meterStartWh
      ? register
      : { ...register, before: { zeroWh: meterStartWh, carriedWh: 0 } };
  for (const [register, suspect] of firstMeanings(known)) {
    if (continues(known, register, rawWh))
      return read(known, energyBy(register, rawWh), register.factor === 1 ? meant(register) : register, suspect);
  }
  const register = meant(plain(rawWh - known.energyWh));
  const isFitting = meterStartWh === undefined && rawWh >= 0;
  const suspect = isFitting
    ? undefined
    : rawWh < 0
      ? 'the register is negative'
      : 'the register does not fit meterStart';
  return read(known, known.energyWh, register, suspect);
};

const read = ({ energyWh }: Known, candidateWh: number, register: Register, suspect?: string): Interpretation => ({
  energyWh: Math.max(energyWh, candidateWh),
  register,
  ...(suspect === undefined ? {} : { suspect }),
});

/** The register as it is read from now on without the doubt it carried. */
const sure = ({ doubtWh: _, ...register }: Register): Register => register;

/** Whether a register may have started again: it does so far below where it was; one that merely dips is not believed. */
export const isFarBelow = ({ zeroWh, carriedWh, factor }: Register, energyWh: number, rawWh: number): boolean =>
  rawWh * factor < (energyWh - carriedWh + zeroWh) / 2;

/** A reading that does not continue the register: a reset, a first doubt, or the confirmation of an earlier doubt. */
const broken = (known: Known, register: Register, rawWh: number): Interpretation => {
  const { zeroWh, carriedWh, factor } = register;
  const scaledWh = rawWh * factor;
  const before = { zeroWh, carriedWh };
  const reset: Register = { zeroWh: 0, factor, carriedWh: known.energyWh, before };
  if (isFarBelow(register, known.energyWh, rawWh) && scaledWh >= 0 && scaledWh <= known.gainWh) {
    return read(known, known.energyWh + scaledWh, reset, 'the register was reset');
  }
  const { doubtWh } = register;
  const sinceDoubtWh = doubtWh === undefined ? -1 : scaledWh - doubtWh;
  if (doubtWh !== undefined && sinceDoubtWh >= 0 && sinceDoubtWh <= known.gainWh) {
    const energyWh = energyBy(register, rawWh);
    if (fits({ ...known, gainWh: known.gainSinceRiseWh }, energyWh))
      return read(known, energyWh, sure(register), 'the register stood still');
    const rebased: Register = { zeroWh: doubtWh, factor, carriedWh: known.energyWh, before };
    return read(known, known.energyWh + sinceDoubtWh, rebased, 'the register jumped');
  }
  return read(
    known,
    known.energyWh,
    { ...register, doubtWh: scaledWh },
    'the register does not fit rated power and time',
  );
};

/**
 * Reads a register: lifetime, session-relative, resetting, or in the wrong unit. Whatever it shows, the energy that comes
 * out is neither negative nor less than before, nor more than the rating allows for the time.
 */
export const readRegister = (known: Known, rawWh: number): Interpretation => {
  const { register } = known;
  if (known.isFirst || register === undefined) return first(known, rawWh);
  const energyWh = energyBy(register, rawWh);
  const isFitting = continues(known, register, rawWh);
  if (register.before !== undefined) {
    const back: Register = { factor: register.factor, ...register.before };
    const backWh = energyBy(back, rawWh);
    const isBack = continues({ ...known, gainWh: known.gainSinceRiseWh }, back, rawWh);
    // What counts its session from 0 may tell more than its start: the count of the session before.
    const countsSession = register.zeroWh === 0 && register.carriedWh === 0;
    if (isBack && (!isFitting || (backWh < energyWh && !countsSession))) return read(known, backWh, back);
  }
  return isFitting ? read(known, energyWh, sure(register)) : broken(known, register, rawWh);
};

/** Below this much integrated energy, power says nothing about the unit of the register. */
const ENOUGH_TO_JUDGE_WH = 200;

/**
 * A register that says Wh and counts kWh is plausible by its rating alone: only the power that flowed gives it away.
 * Returns the corrected register, or undefined when the register agrees with the power (or nothing can be said).
 */
export const judgedByPower = (energyWh: number, integratedWh: number, register: Register): Register | undefined => {
  const ratio = energyWh > 0 ? integratedWh / energyWh : 0;
  if (register.factor !== 1 || integratedWh < ENOUGH_TO_JUDGE_WH || ratio < 400 || ratio > 2500) return undefined;
  return { zeroWh: register.zeroWh * 1000, factor: 1000, carriedWh: register.carriedWh * 1000 };
};

/** What a meter may show although nothing was delivered: it counts in steps, and electronics draw a little. */
export const STANDBY_WH = 10;

export const STANDBY_W = 500;
