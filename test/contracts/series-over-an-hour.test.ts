import { describe, expect, it } from 'vitest';
import { fleetOf } from '../../domain/fleet/fleet-station.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { groupsOf } from '../../domain/windows/groups-of.ts';
import { allSeries, rolledUpSeries } from '../../domain/windows/series/index.ts';
import type { Series } from '../../domain/windows/series.ts';
import { type Delivery, historyInMemory } from '../support/history-in-memory.ts';
import { on, registration, said } from '../support/station-days.ts';

/** The hour around a midnight, so that a day ends in it too. */
const START = Date.parse('2026-03-10T23:30:00Z');
const minute = (count: number): number => START + count * MINUTE_MS;
const stations = [
  { ...registration('S1'), model: 'M1' },
  { ...registration('S2'), siteId: 'yard' },
];

const charging = (stationId: string, first: number, last: number): Delivery[] => {
  const tell = (at: number, ...facts: Fact[]): Delivery => ({ stationId, at: at + 300, facts });
  const status = (at: number, word: 'available' | 'charging') =>
    tell(at, { ...said(at), type: 'StatusReported', status: word, vendorStatus: word, ...on(1) });
  const transactionId = `${stationId}-${first}`;
  const readings = Array.from({ length: last - first - 1 }, (_, index) => first + 1 + index).map((count) =>
    tell(
      minute(count),
      {
        ...said(minute(count)),
        type: 'MeterSampled',
        transactionId,
        reading: { context: 'periodic', energyWh: 1000 * count, powerW: 12_000 },
        ...on(1),
      },
      {
        ...said(minute(count)),
        type: 'MeterSampled',
        reading: { context: 'periodic', energyWh: 1100 * count },
        ...on(0),
      },
    ),
  );
  const begin: Fact = {
    ...said(minute(first)),
    type: 'SessionStarted',
    transactionId,
    tag: 'TAG',
    meterStartWh: 1000 * first,
    ...on(1),
  };
  const stop: Fact = {
    ...said(minute(last)),
    type: 'SessionStopped',
    transactionId,
    meterStopWh: 1000 * last,
    reason: 'local',
  };
  return [
    status(minute(first) - 10 * SECOND_MS, 'charging'),
    tell(minute(first), begin),
    ...readings,
    tell(minute(last), stop),
    status(minute(last) + 10 * SECOND_MS, 'available'),
  ];
};

const hour = [...charging('S1', 2, 28), ...charging('S1', 33, 50), ...charging('S2', 5, 55)];

/** The same messages, of which those of a station between two minutes reach us at the second one. */
const heldBack = (deliveries: readonly Delivery[], stationId: string, from: number, until: number): Delivery[] =>
  deliveries.map((delivery) => {
    const at = delivery.at - START;
    if (delivery.stationId !== stationId || at < from * MINUTE_MS || at >= until * MINUTE_MS) return delivery;
    const receivedAt = minute(until) + 300;
    return { ...delivery, at: receivedAt, facts: delivery.facts.map((fact) => ({ ...fact, receivedAt })) };
  });

/** Delivers messages as they come in; sweeps in the given minutes, and at last until nothing is left to repeat. */
const lived = async (deliveries: readonly Delivery[], sweptMinutes: readonly number[]) => {
  const history = historyInMemory(...stations);
  const done = Object.fromEntries(rolledUpSeries.map(({ source }) => [source.late.mark, START - DAY_MS]));
  await history.progress.put({ whole: done, segments: [done] });
  let sweptAt = 0;
  for (const count of [...sweptMinutes, 80]) {
    const arrived = deliveries.filter(({ at }) => at >= sweptAt && at < minute(count));
    for (const delivery of arrived.toSorted((a, b) => a.at - b.at)) await history.deliver(delivery);
    sweptAt = minute(count);
    await history.sweep(sweptAt);
  }
  for (let count = 81; history.marks.size > 0 && count < 100; count += 1) await history.sweep(minute(count));
  return history;
};
const everyMinute = Array.from({ length: 79 }, (_, count) => count + 1);

type Answer = {
  readonly windows: readonly { readonly measures: readonly { readonly name: string; readonly value: number }[] }[];
};

/** Keys of the network's series. */
const keysOf = ({ source, name }: Series): string[] => {
  if (source.kind === 'rolledUp') return groupsOf(source, fleetOf(stations, [])).map(({ key }) => key);
  return name.startsWith('connector') ? ['S1#1#1', 'S2#1#1'] : ['S1', 'S2'];
};

const isTakenBack = ({ measures }: Answer['windows'][number]): boolean =>
  measures.some(({ name, value }) => name === 'energyWh' && value === 0);

/** What the rows of a series say, by key; without those that were taken back because nothing happened after all. */
const saidBy = async (history: Awaited<ReturnType<typeof lived>>, series: Series) => {
  const from = series.hopMs === MINUTE_MS ? START : START - DAY_MS;
  const range = { from: new Date(from).toISOString(), to: new Date(START + HOUR_MS).toISOString() };
  const said: (readonly [key: string, windows: Answer['windows']])[] = [];
  for (const key of keysOf(series)) {
    const { windows } = (await history.ask('series', { name: series.name, key, ...range })) as Answer;
    said.push([key, windows.filter((window) => !isTakenBack(window))]);
  }
  return said;
};

const late = heldBack(heldBack(hour, 'S1', 10, 40), 'S2', 20, 70);
const [punctual, interrupted, often, once] = await Promise.all([
  lived(hour, everyMinute),
  lived(
    hour,
    everyMinute.filter((count) => count < 12 || count > 27),
  ),
  lived(late, everyMinute),
  lived(late, []),
]);

describe.each(allSeries.map((series) => [series.name, series] as const))(
  '%s over an hour of a network',
  (_, series) => {
    it('has at least one row, no warning and no mark left over', async () => {
      const said = await saidBy(punctual, series);
      expect(Math.max(...said.map(([, windows]) => windows.length))).toBeGreaterThan(0);
      expect([punctual.warnings, punctual.marks.size]).toEqual([[], 0]);
    });

    it('has the same rows when no sweep ran for a quarter of an hour', async () => {
      expect(await saidBy(interrupted, series)).toEqual(await saidBy(punctual, series));
    });

    it('has the same rows from late data whether swept every minute or only once at the end', async () => {
      expect(await saidBy(often, series)).toEqual(await saidBy(once, series));
    });
  },
);
