import { eventMetrics } from '../../domain/demand-response/event-metrics.ts';
import { idealW, restoreDelaySec } from '../../domain/demand-response/restore-steps.ts';
import { settlementBaseline } from '../../domain/demand-response/settlement-baseline.ts';
import type { FieldReader } from '../../domain/kernel/field-reader.ts';
import {
  aText,
  forReaders,
  identified,
  kilowattHours,
  kilowatts,
  neededObjects,
  neededPower,
  neededSeconds,
  percent,
  positive,
  ratioOf,
  wattsOf,
  withUniqueIds,
} from './quantities.ts';

const returningOf = (reader: FieldReader) => {
  reader.onlyKnown(['id', 'targetKw', 'normalKw']);
  return {
    id: identified(reader),
    targetW: neededPower(reader, 'targetKw'),
    normalW: neededPower(reader, 'normalKw'),
  };
};

/** Instants to tell the load at: the only part of `expected` that asks for something. */
const instantsOf = (expected: FieldReader | undefined): readonly string[] => {
  const asked = expected?.object('zoneKwAt');
  return asked === undefined ? [] : asked.names();
};

const restoreCase = (reader: FieldReader) => {
  reader.onlyKnown([...forReaders, 'signalId', 'windowSec', 'rampSec', 'stations']);
  const signalId = reader.needed('signalId', reader.text('signalId', aText));
  const windowSec = reader.needed('windowSec', reader.number('windowSec', { min: 0, max: 86_400, decimals: 0 }));
  const rampSec = neededSeconds(reader, 'rampSec');
  const stations = withUniqueIds(reader, 'stations', neededObjects(reader, 'stations').map(returningOf)).map(
    (station) => ({ ...station, rampSec, delaySec: restoreDelaySec(signalId, station.id, windowSec) }),
  );
  const zoneKwAt = instantsOf(reader.object('expected')).map((text) => {
    const atSec = Number(text);
    if (!Number.isFinite(atSec)) return reader.refuse('expected.zoneKwAt', `names no instant: ${text}`);
    return [text, kilowatts(stations.reduce((sum, station) => sum + idealW(station, atSec), 0))] as const;
  });
  return {
    delaySec: Object.fromEntries(stations.map(({ id, delaySec }) => [id, delaySec])),
    zoneKwAt: Object.fromEntries(zoneKwAt),
  };
};

const pairOf = (reader: FieldReader, name: string, pair: unknown): readonly [number, number] => {
  const isPair = Array.isArray(pair) && pair.length === 2 && pair.every((value) => Number.isFinite(value));
  return isPair ? [pair[0], pair[1]] : reader.refuse(name, `must hold pairs of numbers: ${JSON.stringify(pair)}`);
};

const percentOrNull = (value: number | undefined): number | null => (value === undefined ? null : percent(value));

const metricsCase = (reader: FieldReader) => {
  const own = ['baselineKw', 'targetKw', 'eventSec', 'steadyFromSec', 'holdSamples', 'samples'];
  reader.onlyKnown([...forReaders, ...own]);
  const eventSec = reader.needed('eventSec', positive(reader, 'eventSec'));
  const steadyFromSec = neededSeconds(reader, 'steadyFromSec');
  if (steadyFromSec >= eventSec) reader.refuse('steadyFromSec', `must be below eventSec: ${steadyFromSec}`);
  const found = eventMetrics({
    baselineW: neededPower(reader, 'baselineKw'),
    targetW: wattsOf(reader.needed('targetKw', positive(reader, 'targetKw'))),
    eventSec,
    steadyFromSec,
    holdSamples: reader.needed('holdSamples', reader.number('holdSamples', { min: 1, max: 1000, decimals: 0 })),
    samples: reader.needed('samples', reader.list('samples')).map((sample) => {
      const [atSec, powerKw] = pairOf(reader, 'samples', sample);
      return { atSec, powerW: wattsOf(powerKw) };
    }),
  });
  return {
    t50Sec: found.t50Sec ?? null,
    t90Sec: found.t90Sec ?? null,
    steadyDeliveredKw: kilowatts(found.steadyDeliveredW),
    steadyCompliancePct: percentOrNull(found.steadyCompliancePercent),
    energyDeliveredKwh: kilowattHours(found.energyDeliveredWh),
    energyCompliancePct: percentOrNull(found.energyCompliancePercent),
  };
};

const powersOf = (reader: FieldReader, name: string): readonly number[] =>
  reader.needed(name, reader.list(name)).map((value) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return wattsOf(value);
    return reader.refuse(name, `must hold numbers from 0 on: ${JSON.stringify(value)}`);
  });

const baselineCase = (reader: FieldReader) => {
  const own = ['eligibleDaysKw', 'adjustmentWindowMeanKw', 'eventDayAdjustmentKw', 'adjustmentClamp', 'eventLoadKw'];
  reader.onlyKnown([...forReaders, ...own]);
  const eligibleDaysW = powersOf(reader, 'eligibleDaysKw');
  if (eligibleDaysW.length === 0) reader.refuse('eligibleDaysKw', 'must hold at least one day');
  const clamp = pairOf(reader, 'adjustmentClamp', reader.needed('adjustmentClamp', reader.list('adjustmentClamp')));
  if (clamp[0] < 0 || clamp[0] > clamp[1])
    reader.refuse('adjustmentClamp', `must rise, from 0 on: ${JSON.stringify(clamp)}`);
  const eventLoadW = neededPower(reader, 'eventLoadKw');
  const { unadjustedW, ratio, baselineW } = settlementBaseline({
    eligibleDaysW,
    clamp,
    adjustmentWindowMeanW: wattsOf(reader.needed('adjustmentWindowMeanKw', positive(reader, 'adjustmentWindowMeanKw'))),
    eventDayAdjustmentW: neededPower(reader, 'eventDayAdjustmentKw'),
  });
  return {
    unadjustedKw: kilowatts(unadjustedW),
    ratio: ratioOf(ratio),
    baselineKw: kilowatts(baselineW),
    deliveredKw: kilowatts(baselineW - eventLoadW),
  };
};

/** Cases about the return after an event, and about its figures. */
export const eventKinds = {
  restore: restoreCase,
  metrics: metricsCase,
  baseline: baselineCase,
} as const satisfies Record<string, (reader: FieldReader) => object>;
