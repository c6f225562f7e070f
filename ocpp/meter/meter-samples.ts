import type { EvseRef, FactHeader, MeterSampled, Reading, ReadingContext } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { FactContext } from '../action.ts';
import { listAt, type Payload, textAt } from '../payload.ts';
import type { Warn } from '../warning.ts';
import { meterFigure, roundToMeter } from './quantity.ts';
import { readingOf } from './reading-of.ts';
import { isDischarge, isSigned, type RefusedRegister, readSample, type Sample } from './sample.ts';

type TimedReading = { readonly header: FactHeader; readonly reading: Reading };

/** Whose readings these are. */
export type MeterOwner = {
  readonly evse: EvseRef;
  readonly transactionId?: string | undefined;
  readonly seqNo?: number | undefined;
};

/** Begin first: the value a transaction began at must never stand after, and so replace, the current one. */
const order: readonly ReadingContext[] = ['begin', 'interruption', 'periodic', 'clock', 'trigger', 'other', 'end'];

/**
 * Samples by context. Those that name none join the one current context there is (some vendors name it on half of their
 * values); if there is none, or more than one, they are Sample.Periodic, the specification's default.
 */
const byContext = <Value extends Sample | RefusedRegister>(
  samples: readonly Value[],
): ReadonlyMap<ReadingContext, readonly Value[]> => {
  const named = new Set(samples.map(({ context }) => context).filter((context) => context !== undefined));
  named.delete('begin');
  const [only] = named;
  const fallback = named.size === 1 && only !== undefined ? only : 'periodic';
  const groups = Map.groupBy(samples, ({ context }) => context ?? fallback);
  return new Map(order.flatMap((context) => (groups.has(context) ? [[context, groups.get(context) ?? []]] : [])));
};

/** What a meter value tells of one moment. */
type Moment = {
  readonly meterValue: Payload;
  readonly path: string;
  readonly samples: readonly (Sample | RefusedRegister)[];
  readonly signed: boolean;
  readonly discharges: boolean;
};

const momentOf = (meterValue: Payload, path: string, warn: Warn): Moment => {
  const sampled = listAt(meterValue, 'sampledValue');
  return {
    meterValue,
    path,
    samples: sampled.flatMap((entry, index) => readSample(entry, `${path}/sampledValue/${index}`, warn) ?? []),
    signed: sampled.some(isSigned),
    discharges: sampled.some(isDischarge),
  };
};

/** Whether both are values of the same thing; one without a context may be in that of the other. */
const isSameQuantity = (one: Sample | RefusedRegister, other: Sample | RefusedRegister): boolean =>
  one.measurand === other.measurand &&
  one.phase === other.phase &&
  one.location === other.location &&
  (one.context ?? other.context) === (other.context ?? one.context);

/** Whether both tell of one moment: they have the same stamp, and no value twice. */
const isSameMoment = (one: Moment, other: Moment): boolean => {
  const stamp = textAt(one.meterValue, 'timestamp');
  return (
    stamp !== undefined &&
    stamp === textAt(other.meterValue, 'timestamp') &&
    !one.samples.some((sample) => other.samples.some((value) => isSameQuantity(sample, value)))
  );
};

/** Meter values as moments: some vendors give each sampled value, even each phase, a meter value of its own. */
const momentsOf = (meterValues: readonly Payload[], path: string, warn: Warn): readonly Moment[] => {
  const moments: Moment[] = [];
  for (const [index, meterValue] of meterValues.entries()) {
    const moment = momentOf(meterValue, `${path}/${index}`, warn);
    const last = moments.at(-1);
    if (last && isSameMoment(last, moment))
      moments[moments.length - 1] = {
        ...last,
        samples: [...last.samples, ...moment.samples],
        signed: last.signed || moment.signed,
        discharges: last.discharges || moment.discharges,
      };
    else moments.push(moment);
  }
  return moments;
};

const readingsOf = (moment: Moment, context: FactContext): readonly TimedReading[] => {
  const { meterValue, path, samples, signed, discharges } = moment;
  const { warn } = context;
  const groups = byContext(samples);
  if (samples.length === 0 && !signed) return [];
  const header = context.stamped(meterValue, `${path}/timestamp`);
  if (groups.size === 0) return [{ header, reading: { context: 'periodic', signed } }];
  const readings = [...groups].map(([context, group]) => readingOf(context, group, discharges, warn));
  warnOfBegin(readings, warn);
  return readings.map((reading) => ({ header, reading: signed ? { ...reading, signed } : reading }));
};

const warnOfBegin = (readings: readonly Reading[], warn: Warn): void => {
  const begin = readings.find(({ context }) => context === 'begin')?.energyWh;
  const current = readings.find(({ context, energyWh }) => context !== 'begin' && energyWh !== undefined)?.energyWh;
  if (begin !== undefined && current !== undefined && begin > current)
    warn('begin-above-current', `The register began at ${begin} Wh and now says ${current} Wh`);
};

/** Power from two registers of the same message, where no power was reported: delta energy over delta time. */
const withPowerFromRegisters = (readings: readonly TimedReading[], warn: Warn): readonly TimedReading[] => {
  let previous: TimedReading | undefined;
  return readings.map((timed) => {
    const { reading, header } = timed;
    const earlier = previous;
    if (reading.context === 'begin' || reading.energyWh === undefined) return timed;
    previous = timed;
    if (earlier?.reading.energyWh === undefined || header.at <= earlier.header.at) return timed;
    const deltaWh = reading.energyWh - earlier.reading.energyWh;
    if (deltaWh < 0) {
      warn(
        'register-not-monotonic',
        `The register falls by ${roundToMeter('energyWh', -deltaWh)} Wh within one message`,
      );
      return timed;
    }
    const fromRegistersW = (deltaWh * 3_600_000) / (header.at - earlier.header.at);
    const powerW = meterFigure('powerW', fromRegistersW, 'power from registers', warn);
    if (powerW === undefined) return timed;
    warnOfUnit(reading, powerW, warn);
    if (reading.powerW !== undefined && reading.powerSource !== 'voltage-current') return timed;
    return { header, reading: { ...reading, powerW, powerSource: 'energy' } };
  });
};

const warnOfUnit = (reading: Reading, fromRegistersW: number, warn: Warn): void => {
  if (reading.powerW === undefined || reading.powerW < 200) return;
  const ratio = reading.powerW / Math.max(fromRegistersW, 1e-6);
  if ((ratio > 500 && ratio < 2000) || (ratio > 0.0005 && ratio < 0.002))
    warn(
      'unit-suspect',
      `Power ${reading.powerW} W, but the registers rise by ${fromRegistersW} W: kWh and Wh mixed up?`,
    );
};

const warnOfMissingLoad = (readings: readonly TimedReading[], owner: MeterOwner, warn: Warn): void => {
  const says = ({ reading }: TimedReading) =>
    reading.energyWh !== undefined || reading.powerW !== undefined || reading.registerRefused;
  if (owner.transactionId === undefined) {
    if (readings.some(({ reading }) => reading.energyWh === 0 && reading.context !== 'begin'))
      warn('register-zero', 'Register 0 outside a transaction: a register that restarts with each session');
  } else if (readings.length > 0 && !readings.some(says)) {
    warn('no-energy-no-power', 'Neither energy nor power in a transaction');
  }
};

/** The readings of a list of meter values, as facts in the order in which they were sent. */
export const meterSamples = (
  meterValues: readonly Payload[],
  path: string,
  owner: MeterOwner,
  context: FactContext,
): readonly MeterSampled[] => {
  const { warn } = context;
  const readings = withPowerFromRegisters(
    momentsOf(meterValues, path, warn).flatMap((moment) => readingsOf(moment, context)),
    warn,
  );
  warnOfMissingLoad(readings, owner, warn);
  return readings.map(({ header, reading }) => ({
    ...header,
    ...owner.evse,
    type: 'MeterSampled',
    ...omitUndefined({ transactionId: owner.transactionId, seqNo: owner.seqNo }),
    reading,
  }));
};
