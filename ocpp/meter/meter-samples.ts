import type { EvseRef, FactHeader, MeterSampled, Reading, ReadingContext } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Listening } from '../action.ts';
import { listAt, type Payload } from '../payload.ts';
import type { Warn } from '../warning.ts';
import { tidy } from './quantity.ts';
import { readingOf } from './reading.ts';
import { isDischarge, isSigned, readSample, type Sample } from './sample.ts';

type Moment = { readonly said: FactHeader; readonly reading: Reading };

/** Whose readings these are. */
export type MeterOwner = {
  readonly where: EvseRef;
  readonly transactionId?: string | undefined;
  readonly seqNo?: number | undefined;
};

/** Begin first: the value a transaction began at must never stand after, and so replace, the current one. */
const order: readonly ReadingContext[] = ['begin', 'interruption', 'periodic', 'clock', 'trigger', 'other', 'end'];

/**
 * Samples by context. Those that name none join the one current context there is (some vendors name it on half of their
 * values); if there is none, or more than one, they are Sample.Periodic, the specification's default.
 */
const byContext = (samples: readonly Sample[]): ReadonlyMap<ReadingContext, readonly Sample[]> => {
  const named = new Set(samples.map(({ context }) => context).filter((context) => context !== undefined));
  named.delete('begin');
  const [only] = named;
  const fallback = named.size === 1 && only !== undefined ? only : 'periodic';
  const groups = Map.groupBy(samples, ({ context }) => context ?? fallback);
  return new Map(order.flatMap((context) => (groups.has(context) ? [[context, groups.get(context) ?? []]] : [])));
};

const momentsOf = (meterValue: Payload, path: string, listening: Listening): readonly Moment[] => {
  const { warn } = listening;
  const sampled = listAt(meterValue, 'sampledValue');
  const samples = sampled.flatMap((entry, index) => readSample(entry, `${path}/sampledValue/${index}`, warn) ?? []);
  const signed = sampled.some(isSigned);
  const groups = byContext(samples);
  if (samples.length === 0 && !signed) return [];
  const said = listening.stamped(meterValue, `${path}/timestamp`);
  if (groups.size === 0) return [{ said, reading: { context: 'periodic', signed } }];
  const discharges = sampled.some(isDischarge);
  const readings = [...groups].map(([context, group]) => readingOf(context, group, discharges, warn));
  warnOfBegin(readings, warn);
  return readings.map((reading) => ({ said, reading: signed ? { ...reading, signed } : reading }));
};

const warnOfBegin = (readings: readonly Reading[], warn: Warn): void => {
  const begin = readings.find(({ context }) => context === 'begin')?.energyWh;
  const current = readings.find(({ context, energyWh }) => context !== 'begin' && energyWh !== undefined)?.energyWh;
  if (begin !== undefined && current !== undefined && begin > current)
    warn('begin-above-current', `The register began at ${begin} Wh and now says ${current} Wh`);
};

/** Power from two registers of the same message, where no power was reported: delta energy over delta time. */
const withPowerFromRegisters = (moments: readonly Moment[], warn: Warn): readonly Moment[] => {
  let before: Moment | undefined;
  return moments.map((moment) => {
    const { reading, said } = moment;
    const earlier = before;
    if (reading.context === 'begin' || reading.energyWh === undefined) return moment;
    before = moment;
    if (earlier?.reading.energyWh === undefined || said.at <= earlier.said.at) return moment;
    const deltaWh = reading.energyWh - earlier.reading.energyWh;
    if (deltaWh < 0) {
      warn('register-not-monotonic', `The register falls by ${tidy('energyWh', -deltaWh)} Wh within one message`);
      return moment;
    }
    const powerW = tidy('powerW', (deltaWh * 3_600_000) / (said.at - earlier.said.at));
    warnOfUnit(reading, powerW, warn);
    if (reading.powerW !== undefined && reading.powerSource !== 'voltage-current') return moment;
    return { said, reading: { ...reading, powerW, powerSource: 'energy' } };
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

const warnOfSilence = (moments: readonly Moment[], owner: MeterOwner, warn: Warn): void => {
  const says = ({ reading }: Moment) => reading.energyWh !== undefined || reading.powerW !== undefined;
  if (owner.transactionId === undefined) {
    if (moments.some(({ reading }) => reading.energyWh === 0 && reading.context !== 'begin'))
      warn('register-zero', 'Register 0 outside a transaction: a register that restarts with each session');
  } else if (moments.length > 0 && !moments.some(says)) {
    warn('no-energy-no-power', 'Neither energy nor power in a transaction');
  }
};

/** The readings of a list of meter values, as facts in the order in which they were sent. */
export const meterSamples = (
  meterValues: readonly Payload[],
  path: string,
  owner: MeterOwner,
  listening: Listening,
): readonly MeterSampled[] => {
  const { warn } = listening;
  const moments = withPowerFromRegisters(
    meterValues.flatMap((meterValue, index) => momentsOf(meterValue, `${path}/${index}`, listening)),
    warn,
  );
  warnOfSilence(moments, owner, warn);
  return moments.map(({ said, reading }) => ({
    ...said,
    ...owner.where,
    type: 'MeterSampled',
    ...omitUndefined({ transactionId: owner.transactionId, seqNo: owner.seqNo }),
    reading,
  }));
};
