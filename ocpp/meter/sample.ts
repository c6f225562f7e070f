import type { ReadingContext } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { integerAt, isPayload, meaningfulAt, objectAt, type Payload, textAt } from '../payload.ts';
import type { Warn } from '../warning.ts';
import { parseNumber } from './parse-number.ts';
import { conversion, isPlausible, type Quantity, quantityOf } from './quantity.ts';

/** One sampled value in our units, with everything that says what it is a value of. */
export type Sample = {
  /** Lower case. */
  readonly measurand: string;
  readonly kind: Quantity;
  readonly value: number;
  /** Absent where the station named none: it belongs to whatever its neighbours are. */
  readonly context?: ReadingContext;
  /** 'L1', 'L2', 'L3', 'N', a pair such as 'L1-L2', or '' for the whole. */
  readonly phase: string;
  readonly location: string;
  readonly path: string;
};

/** The measurand a session is metered by; what a value without one is a value of. */
export const IMPORT_REGISTER = 'energy.active.import.register';

/** A register of imported energy that was left out. */
export type RefusedRegister = Omit<Sample, 'kind' | 'value'> & { readonly kind: 'refused' };

const contexts: Readonly<Record<string, ReadingContext>> = {
  'Sample.Periodic': 'periodic',
  'Sample.Clock': 'clock',
  Trigger: 'trigger',
  'Transaction.Begin': 'begin',
  'Transaction.End': 'end',
  'Interruption.Begin': 'interruption',
  'Interruption.End': 'interruption',
};

/** Our word for a context; words OCPP does not know are 'other'. */
export const contextOf = (word: string | undefined): ReadingContext | undefined =>
  word === undefined || word === '' ? undefined : Object.hasOwn(contexts, word) ? contexts[word] : 'other';

/** 'L1-N' is 'L1': vendors write either for the same conductor, for voltage as for current and power. */
const phaseOf = (word: string | undefined): string =>
  (word ?? '')
    .trim()
    .toUpperCase()
    .replace(/^(L[123])-N$/, '$1');

/** Whether the value is a signed record: archived as it is, never parsed as a number. */
export const isSigned = (sampled: Payload): boolean =>
  textAt(sampled, 'format') === 'SignedData' || isPayload(sampled.signedMeterValue);

/** Whether power flows out of the car: then V x A says nothing about what is delivered to it. */
export const isDischarge = (sampled: Payload): boolean => {
  const measurand = (textAt(sampled, 'measurand') ?? '').trim().toLowerCase();
  const value = Number(textAt(sampled, 'value') ?? Number.NaN);
  return (measurand === 'power.active.import' && value < 0) || (measurand === 'power.active.export' && value > 0);
};

/** Imported power a little below 0 is the noise of a meter through which nothing flows, W. */
const NOISE_W = 100;

const isNoise = (measurand: string, value: number): boolean =>
  measurand === 'power.active.import' && value < 0 && value > -NOISE_W;

/** The value in our unit; undefined, with a warning, where it cannot be read or cannot be true. */
const valueIn = (sampled: Payload, kind: Quantity, measurand: string, path: string, warn: Warn): number | undefined => {
  const number = parseNumber(sampled.value, warn, `${path}/value`);
  if (number === undefined) return undefined;
  const measure = objectAt(sampled, 'unitOfMeasure');
  const unit = meaningfulAt(measure, 'unit') ?? meaningfulAt(sampled, 'unit') ?? '';
  const convert = conversion(kind, unit);
  const multiplier = integerAt(measure, 'multiplier') ?? 0;
  if (!convert || Math.abs(multiplier) > 12) {
    warn('unknown-unit', `${measurand} in "${unit.slice(0, 20)}" x 10^${multiplier}: left out`, path);
    return undefined;
  }
  const value = convert(number * 10 ** multiplier);
  if (isPlausible(kind, value)) return value;
  if (isNoise(measurand, value)) {
    warn('value-implausible', `${measurand} ${number} ${unit}: less than nothing, taken as 0`, path);
    return 0;
  }
  warn('value-implausible', `${measurand} ${number} ${unit}: left out`, path);
  return undefined;
};

/**
 * Reads one sampledValue of either version: 1.6 names `unit`, 2.x `unitOfMeasure` with a decimal multiplier.
 * A word that says nothing (empty, "null") stands for the specification's default, as one left out does. Undefined for
 * what is no part of a reading; a register of imported energy is never left out in silence.
 */
export const readSample = (sampled: Payload, path: string, warn: Warn): Sample | RefusedRegister | undefined => {
  if (textAt(sampled, 'format') === 'SignedData') return undefined;
  const measurand = (meaningfulAt(sampled, 'measurand') ?? IMPORT_REGISTER).toLowerCase();
  const kind = quantityOf(measurand);
  if (kind === undefined) warn('unknown-measurand', `"${measurand.slice(0, 50)}" stays in the archive`, path);
  if (kind === undefined || kind === 'archived') return undefined;

  const named = {
    measurand,
    phase: phaseOf(meaningfulAt(sampled, 'phase')),
    location: (meaningfulAt(sampled, 'location') ?? 'Outlet').toLowerCase(),
    path,
    ...omitUndefined({ context: contextOf(meaningfulAt(sampled, 'context')) }),
  };
  const value = valueIn(sampled, kind, measurand, path, warn);
  if (value !== undefined) return { ...named, kind, value };
  const isRegisterTold = measurand === IMPORT_REGISTER && meaningfulAt(sampled, 'value') !== undefined;
  return isRegisterTold ? { ...named, kind: 'refused' } : undefined;
};
