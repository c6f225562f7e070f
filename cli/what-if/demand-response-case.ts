import { type LoadSample, presentLoadW, settlementBaseline } from '../../domain/demand-response/frozen-baseline.ts';
import { eventMetrics } from '../../domain/demand-response/metrics.ts';
import { idealW, restoreDelaySec } from '../../domain/demand-response/restore.ts';
import {
  type FrozenStation,
  type Reduction,
  replan,
  type ShedPlan,
  shedPlan,
} from '../../domain/demand-response/shed-plan.ts';
import type { FieldReader } from '../../domain/kernel/field-reader.ts';
import {
  kilowattHours,
  kilowatts,
  neededObjects,
  neededPower,
  neededSeconds,
  percent,
  positive,
  power,
  ratioOf,
  wattsOf,
  withUniqueIds,
} from './quantities.ts';

/** Samples older than this at `nowSec` do not count. */
const FRESH_SEC = 120;

const forReaders = ['id', 'kind', 'reason', 'extra', 'expected'];
const aText = /^.+$/s;
const priorities = [1, 2, 3] as const;

const identified = (reader: FieldReader): string => reader.needed('id', reader.text('id', aText));

/** A connector is named by a number or a text. */
const connectorOf = (reader: FieldReader): string => {
  const [asNumber, asText] = [() => reader.number('connector'), () => reader.text('connector', aText)];
  try {
    return String(reader.needed('connector', asNumber()));
  } catch (error) {
    if (!(error instanceof RangeError) || !reader.has('connector')) throw error;
    return reader.needed('connector', asText());
  }
};

const sampleOf = (reader: FieldReader): LoadSample => {
  reader.onlyKnown(['connector', 't', 'kw']);
  return {
    connector: connectorOf(reader),
    at: reader.needed('t', reader.number('t')),
    powerW: neededPower(reader, 'kw'),
  };
};

const baselineOf = (reader: FieldReader, nowSec: number | undefined): number => {
  const baselineW = power(reader, 'baselineKw');
  if (reader.has('samples') === (baselineW !== undefined))
    return reader.refuse(
      'baselineKw',
      baselineW === undefined ? 'is missing' : 'stands beside samples: give one of them',
    );
  if (baselineW !== undefined) return baselineW;
  if (nowSec === undefined) return reader.refuse('samples', 'cannot be told fresh from old: nowSec is missing');
  return presentLoadW(reader.objects('samples').map(sampleOf), nowSec, FRESH_SEC) ?? 0;
};

const stationOf = (reader: FieldReader, nowSec: number | undefined): FrozenStation => {
  reader.onlyKnown(['id', 'floorKw', 'baselineKw', 'samples']);
  return { id: identified(reader), floorW: neededPower(reader, 'floorKw'), baselineW: baselineOf(reader, nowSec) };
};

const reductionOf = (reader: FieldReader): Reduction => {
  reader.onlyKnown(['id', 'type', 'priority', 'targetReductionKw']);
  const stated = reader.needed('priority', reader.number('priority'));
  return {
    id: identified(reader),
    type: reader.needed('type', reader.word('type', ['CURTAIL', 'SHED'])),
    priority:
      priorities.find((priority) => priority === stated) ?? reader.refuse('priority', `must be 1, 2 or 3: ${stated}`),
    targetW: neededPower(reader, 'targetReductionKw'),
  };
};

const allocateKeys = [...forReaders, 'nowSec', 'stations', 'signals'];

const stationsAndSignals = (reader: FieldReader) => {
  const nowSec = reader.number('nowSec');
  const stations = neededObjects(reader, 'stations').map((station) => stationOf(station, nowSec));
  const signals = neededObjects(reader, 'signals').map(reductionOf);
  return {
    stations: withUniqueIds(reader, 'stations', stations),
    signals: withUniqueIds(reader, 'signals', signals),
  };
};

const inKilowatts = (powers: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...powers].map(([id, powerW]) => [id, kilowatts(powerW)]));

const planAnswer = ({ shedW, totalW, shortfallW, targetW }: ShedPlan) => ({
  shed: inKilowatts(shedW),
  totalShedKw: kilowatts(totalW),
  shortfallKw: inKilowatts(shortfallW),
  target: inKilowatts(targetW),
});

const allocateCase = (reader: FieldReader) => {
  reader.onlyKnown(allocateKeys);
  const { stations, signals } = stationsAndSignals(reader);
  return planAnswer(shedPlan(stations, signals));
};

/** Powers by station: an object whose keys are ids. */
const powersById = (reader: FieldReader, name: string, ids: readonly string[]): ReadonlyMap<string, number> => {
  const powers = reader.needed(name, reader.object(name));
  powers.onlyKnown(ids);
  return new Map(ids.flatMap((id) => (powers.has(id) ? [[id, neededPower(powers, id)] as const] : [])));
};

const reallocateCase = (reader: FieldReader) => {
  reader.onlyKnown([...allocateKeys, 'round1', 'measuredKw', 'responsiveAtLeast']);
  const { stations, signals } = stationsAndSignals(reader);
  const ids = stations.map(({ id }) => id);
  const [asked, measured] = [powersById(reader, 'round1', ids), powersById(reader, 'measuredKw', ids)];
  const unmeasured = [...asked.keys()].find((id) => !measured.has(id));
  if (unmeasured !== undefined) reader.refuse(`measuredKw.${unmeasured}`, 'is missing');
  const responses = new Map(
    [...measured].map(([id, measuredW]) => [id, { askedW: asked.get(id) ?? 0, measuredW }] as const),
  );
  const share = reader.needed('responsiveAtLeast', reader.number('responsiveAtLeast', { min: 0, max: 1 }));
  const plan = replan(stations, signals, responses, share);
  return { ...planAnswer(plan), nonResponsive: plan.nonResponsive };
};

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
    steadyCompliancePct: percent(found.steadyCompliancePercent),
    energyDeliveredKwh: kilowattHours(found.energyDeliveredWh),
    energyCompliancePct: percent(found.energyCompliancePercent),
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

/** How each kind of case is answered. */
export const demandResponseKinds = {
  allocate: allocateCase,
  reallocate: reallocateCase,
  restore: restoreCase,
  metrics: metricsCase,
  baseline: baselineCase,
} as const satisfies Record<string, (reader: FieldReader) => object>;
