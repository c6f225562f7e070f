import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetOf } from '../../domain/fleet/fleet-station.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { groupsOf } from '../../domain/windows/groups-of.ts';
import { rolledUpSeries } from '../../domain/windows/series/index.ts';
import { isSpanning } from '../../domain/windows/series.ts';
import type { FleetScanFake } from '../fakes/fleet-scan.ts';
import { historyInSegments } from '../support/history-in-memory.ts';
import { noon, on, registration, said } from '../support/station-days.ts';

const stations: readonly Registration[] = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'].map((id, index) => ({
  ...registration(id),
  siteId: ['harbour', 'yard', 'hill'][index % 3] ?? '',
  zoneId: index % 3 < 2 ? 'north' : 'south',
  model: 'M1',
}));

/** An hour in which some stations charge; from minute 30 the readings of two of them are held back until minute 45. */
const hour = (charging: readonly string[]) =>
  Array.from({ length: 60 }, (_, count) =>
    charging.flatMap((stationId, index) => {
      const at = noon + count * MINUTE_MS;
      const isHeld = index < 2 && count >= 30 && count < 45;
      const receivedAt = isHeld ? noon + 45 * MINUTE_MS : at;
      const fact =
        count === 0
          ? ({ type: 'SessionStarted', transactionId: 'T', meterStartWh: 0 } as const)
          : ({
              type: 'MeterSampled',
              transactionId: 'T',
              reading: { context: 'periodic', energyWh: count * (100 + index), powerW: 6000 + 60 * index },
            } as const);
      return [{ stationId, at: receivedAt + 300, facts: [{ ...said(at, receivedAt), ...fact, ...on(1) }] }];
    }),
  ).flat();

const lived = async (
  segments: number,
  charging: readonly string[],
  options?: Parameters<typeof historyInSegments>[2],
) => {
  const network = historyInSegments(segments, stations, options);
  const deliveries = hour(charging).toSorted((a, b) => a.at - b.at);
  const outcomes: boolean[] = [];
  for (let count = 1; count <= 75; count += 1) {
    const until = noon + count * MINUTE_MS;
    for (const delivery of deliveries.filter(({ at }) => at >= until - MINUTE_MS && at < until))
      await network.deliver(delivery);
    outcomes.push(
      await network.sweep(until).then(
        () => true,
        () => false,
      ),
    );
  }
  // Versions tell when a row was computed, which may be in another run.
  const rows = [...network.rows.values()]
    .map(({ version: _, ...row }) => row)
    // What is marked is repeated by the day, the part of it before the first run included.
    .filter(({ startAt, measures }) => startAt >= noon && measures.energyWh !== 0)
    .map(({ measures, ...row }) => ({
      ...row,
      // Sums of parts may differ in the last bit.
      measures: Object.fromEntries(
        Object.entries(measures).map(([name, value]) => [name, Number(value?.toPrecision(12))]),
      ),
    }))
    .sort((a, b) => `${a.series}${a.key}`.localeCompare(`${b.series}${b.key}`) || a.startAt - b.startAt);
  return { rows, outcomes, marks: network.marks.size };
};

describe('windows of a fleet that is swept in segments', () => {
  it('are those of one that is swept whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 7 }),
        fc.shuffledSubarray(['S1', 'S2', 'S3', 'S4', 'S5', 'S6'], { minLength: 1 }),
        async (segments, charging) => {
          const whole = await lived(1, charging);
          expect(new Set(whole.rows.map(({ series }) => series)).size).toBeGreaterThanOrEqual(5);
          expect(await lived(segments, charging)).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('are the same in the end when some segments cannot be read in some minutes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ minute: fc.integer({ min: 1, max: 58 }), segment: fc.integer({ min: 0, max: 2 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (broken) => {
          let runs = 0;
          const check: FleetScanFake['check'] = (table, { index, total }) => {
            // The first segment is the first that is read in a run.
            if (table === 'stations' && index === 0) runs += 1;
            if (broken.some(({ minute, segment }) => minute === runs && segment === index && total > 1))
              throw new Error('Throttled');
          };
          const [whole, troubled] = [await lived(1, ['S1', 'S4', 'S5']), await lived(3, ['S1', 'S4', 'S5'], { check })];
          expect(troubled.outcomes.includes(false)).toBe(true);
          expect([troubled.rows, troubled.marks]).toEqual([whole.rows, 0]);
        },
      ),
      { numRuns: 10 },
    );
  });

  it.each([2, 3, 5])(
    'are the same in the end when one of %i segments cannot be read for half an hour',
    async (segments) => {
      const whole = await lived(1, ['S1', 'S2', 'S3', 'S4', 'S5', 'S6']);
      for (let broken = 0; broken < segments; broken += 1) {
        let runs = 0;
        const troubled = await lived(segments, ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'], {
          check: (table, { index }) => {
            if (table === 'stations' && index === 0) runs += 1;
            if (index === broken && runs >= 5 && runs < 35) throw new Error('Throttled');
          },
        });
        expect([troubled.rows, troubled.marks]).toEqual([whole.rows, 0]);
      }
    },
  );

  it('are the same in the end when stores are out in some minutes, from some call on and for some calls', async () => {
    const outage = fc.record({
      minute: fc.integer({ min: 1, max: 55 }),
      from: fc.integer({ min: 0, max: 60 }),
      // Until the end: the run was killed where it stood.
      calls: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
    });
    const whole = await lived(1, ['S1', 'S4', 'S5']);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(outage, { minLength: 1, maxLength: 12 }),
        async (segments, outages) => {
          let [runs, calls] = [0, 0];
          const troubled = await lived(segments, ['S1', 'S4', 'S5'], {
            check: (table, { index }) => {
              if (table !== 'stations' || index !== 0) return;
              [runs, calls] = [runs + 1, 0];
            },
            reach: () => {
              calls += 1;
              if (
                outages.some(({ minute, from, calls: most }) => minute === runs && calls > from && calls <= from + most)
              )
                throw new Error('Out');
            },
          });
          expect([troubled.rows, troubled.marks]).toEqual([whole.rows, 0]);
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each(rolledUpSeries.filter(isSpanning).map((series) => [series.name, series] as const))(
    'of %s have one mark for each key, so that every segment finds its share in what is late',
    (_, { source }) => {
      const groups = groupsOf(source, fleetOf(stations, []));
      expect(groups.map(({ marks }) => marks.size)).toEqual(groups.map(() => 1));
    },
  );
});

describe('the midnight of a zone', () => {
  const many = (count: number, siteId: (index: number) => string): readonly Registration[] =>
    Array.from({ length: count }, (_, index) => ({ ...registration(`S${index}`), siteId: siteId(index) }));
  const midnight = noon + 12 * HOUR_MS;
  const daysIn = (rows: ReadonlyMap<string, { series: string; startAt: number }>) =>
    [...rows.values()].filter(({ series, startAt }) => series === 'uptime_1d' && startAt === midnight - DAY_MS).length;

  it('is worked off within its minute for every connector, without a mark for each station', async () => {
    const network = historyInSegments(
      4,
      many(1_000, (index) => `site-${index % 250}`),
    );
    await network.sweep(midnight - MINUTE_MS);
    await network.sweep(midnight);
    await network.sweep(midnight + MINUTE_MS);
    expect([daysIn(network.rows), network.marks.size]).toEqual([2_000, 0]);
  });

  it('is worked off at a site with 4,000 connectors', async () => {
    const outlets = Array.from({ length: 40 }, (_, index) => ({
      evseId: index + 1,
      connectorId: 1,
      connectorType: 'Type2',
      ratedW: 22_000,
    }));
    const site = many(100, () => 'depot').map((station) => ({ ...station, connectors: outlets }));
    const network = historyInSegments(4, site);
    for (const at of [midnight - MINUTE_MS, midnight, midnight + MINUTE_MS]) await network.sweep(at);
    expect([daysIn(network.rows), network.marks.size]).toEqual([4_000, 0]);
  });
});
