import type { Reading, ReadingContext } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Warn } from '../warning.ts';
import { atBestLocation, type ByPhase, byPhase, sumOfPhases } from './by-phase.ts';
import { meterFigure, type Quantity } from './quantity.ts';
import { IMPORT_REGISTER, type RefusedRegister, type Sample } from './sample.ts';
import { powerFromCurrent, voltageOf } from './voltage-of.ts';

const figure = (quantity: Quantity, what: string, value: number | undefined, warn: Warn): number | undefined =>
  value === undefined ? undefined : meterFigure(quantity, value, what, warn);

const figuresByPhase = (quantity: Quantity, what: string, values: Readonly<Record<string, number>>, warn: Warn) => {
  const entries = Object.entries(values).flatMap(([phase, value]) => {
    const shown = meterFigure(quantity, value, `${what} ${phase}`, warn);
    return shown === undefined ? [] : [[phase, shown] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** The whole of a load: as reported, else the sum of its phases, else what was (wrongly) reported on the neutral alone. */
const wholeOf = (measure: ByPhase, measurand: string, warn: Warn): number | undefined => {
  const whole = measure.total ?? sumOfPhases(measure);
  if (whole === undefined && measure.neutral !== undefined)
    warn('neutral-as-phase', `${measurand} is reported on N alone: taken as the load`);
  return whole ?? measure.neutral;
};

const registerOf = (samples: readonly Sample[], measurand: string, warn: Warn): number | undefined => {
  const measure = byPhase(samples, measurand, warn);
  if (measure.total === undefined && Object.keys(measure.phases).length > 0)
    warn('register-per-phase', `${measurand} per phase only: the sum counts`);
  return figure('energyWh', measurand, wholeOf(measure, measurand, warn), warn);
};

const highest = (samples: readonly Sample[], measurand: string, warn: Warn): number | undefined => {
  const { total, phases } = byPhase(samples, measurand, warn);
  return total ?? (Object.keys(phases).length > 0 ? Math.max(...Object.values(phases)) : undefined);
};

const hottest = (samples: readonly Sample[]): number | undefined => {
  const values = atBestLocation(samples, 'temperature').map(({ value }) => value);
  return values.length === 0 ? undefined : Math.max(...values);
};

type Power = Pick<Reading, 'powerW' | 'powerSource'>;

/** A thousandfold gap between power and V x A is a mistaken unit, not a load: the reading that agrees with V x A counts. */
const inRightUnit = (powerW: number, fromCurrentW: number | undefined, warn: Warn): number => {
  if (fromCurrentW === undefined || fromCurrentW < 200) return powerW;
  const ratio = powerW / fromCurrentW;
  const factor = ratio > 700 && ratio < 1300 ? 0.001 : ratio > 0.0007 && ratio < 0.0013 ? 1000 : 1;
  if (factor !== 1)
    warn(
      'unit-suspect',
      `Power ${powerW} W against ${Math.round(fromCurrentW)} W from V x A: read as ${powerW * factor} W`,
    );
  return powerW * factor;
};

const powerOf = (power: ByPhase, fromCurrentW: number | undefined, warn: Warn): Power => {
  const whole = wholeOf(power, 'power.active.import', warn);
  if (whole !== undefined) {
    const isSum = power.total === undefined && power.neutral !== whole;
    const powerW = figure('powerW', 'power.active.import', inRightUnit(whole, fromCurrentW, warn), warn);
    return powerW === undefined ? {} : { powerW, powerSource: isSum ? 'phases' : 'measured' };
  }
  const powerW = figure('powerW', 'power from V x A', fromCurrentW, warn);
  return powerW === undefined ? {} : { powerW, powerSource: 'voltage-current' };
};

/** Whether a register was refused that the reading would rest on: the whole, or a phase where no whole was reported. */
const isRegisterRefused = (refused: readonly RefusedRegister[], samples: readonly Sample[]): boolean => {
  const isWholeKnown = samples.some(({ measurand, phase }) => measurand === IMPORT_REGISTER && phase === '');
  return refused.length > 0 && !isWholeKnown;
};

/** One moment of one context as a reading: whole quantities from phases, units checked against each other. */
export const readingOf = (
  context: ReadingContext,
  values: readonly (Sample | RefusedRegister)[],
  discharges: boolean,
  warn: Warn,
): Reading => {
  const samples = values.filter((value) => value.kind !== 'refused');
  const refused = values.filter((value) => value.kind === 'refused');
  const energyWh = isRegisterRefused(refused, samples) ? undefined : registerOf(samples, IMPORT_REGISTER, warn);
  const isRegisterTold = refused.length > 0 || samples.some(({ measurand }) => measurand === IMPORT_REGISTER);
  const current = byPhase(samples, 'current.import', warn);
  const voltage = byPhase(samples, 'voltage', warn);
  const currentA = wholeOf(current, 'current.import', warn);
  const voltageV = voltageOf(voltage, current, warn);
  const fromCurrentW = discharges ? undefined : powerFromCurrent(voltage, voltageV, current, currentA);
  const onNeutral = current.neutral !== undefined && current.neutral === currentA ? { N: current.neutral } : {};
  return {
    context,
    ...omitUndefined({
      energyWh,
      registerRefused: (isRegisterTold && energyWh === undefined) || undefined,
      exportWh: registerOf(samples, 'energy.active.export.register', warn),
      intervalWh: registerOf(samples, 'energy.active.import.interval', warn),
    }),
    ...powerOf(byPhase(samples, 'power.active.import', warn), fromCurrentW, warn),
    ...omitUndefined({
      offeredW: figure(
        'powerW',
        'power.offered',
        wholeOf(byPhase(samples, 'power.offered', warn), 'power.offered', warn),
        warn,
      ),
      currentA: figure('currentA', 'current.import', currentA, warn),
      currentByPhaseA: figuresByPhase('currentA', 'current.import', { ...current.phases, ...onNeutral }, warn),
      // An offer is a limit per conductor: three times 16 A is 16 A on offer, not 48.
      offeredA: figure('currentA', 'current.offered', highest(samples, 'current.offered', warn), warn),
      voltageV: figure('voltageV', 'voltage', voltageV, warn),
      voltageByPhaseV: figuresByPhase('voltageV', 'voltage', { ...voltage.phases, ...voltage.pairs }, warn),
      socPercent: figure('percent', 'soc', highest(samples, 'soc', warn), warn),
      temperatureC: figure('temperatureC', 'temperature', hottest(samples), warn),
      frequencyHz: figure('frequencyHz', 'frequency', highest(samples, 'frequency', warn), warn),
    }),
  };
};
