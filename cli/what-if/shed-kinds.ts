import { type LoadSample, presentLoadW } from '../../domain/demand-response/present-load-w.ts';
import {
  type FrozenStation,
  type Reduction,
  replan,
  type ShedPlan,
  shedPlan,
} from '../../domain/demand-response/shed-plan.ts';
import type { FieldReader } from '../../domain/kernel/field-reader.ts';
import {
  aText,
  forReaders,
  identified,
  kilowatts,
  neededObjects,
  neededPower,
  power,
  withUniqueIds,
} from './quantities.ts';

/** Samples older than this at `nowSec` do not count. */
const FRESH_SEC = 120;

const priorities = [1, 2, 3] as const;

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

/** Cases about who sheds how much. */
export const shedKinds = {
  allocate: allocateCase,
  reallocate: reallocateCase,
} as const satisfies Record<string, (reader: FieldReader) => object>;
