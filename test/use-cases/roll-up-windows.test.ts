import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { windowName } from '../../domain/windows/window.ts';
import { historyInMemory, historyInSegments } from '../support/history-in-memory.ts';
import { noon, on, registration, said } from '../support/station-days.ts';

const begin = (stationId: string, at: number) => ({
  stationId,
  at: at + 300,
  facts: [{ ...said(at), type: 'SessionStarted' as const, transactionId: 'T', meterStartWh: 0, ...on(1) }],
});
const reading = (stationId: string, at: number, energyWh: number) => ({
  stationId,
  at: at + 300,
  facts: [
    {
      ...said(at),
      type: 'MeterSampled' as const,
      transactionId: 'T',
      reading: { context: 'periodic' as const, energyWh },
      ...on(1),
    },
  ],
});

describe('a sweep of the windows', () => {
  it('computes what it can beside a station in a zone that there is not', async () => {
    const network = historyInMemory(registration('S1'), {
      ...registration('S2'),
      siteId: 'nowhere',
      timeZone: 'Nowhere/Land',
    });
    await network.deliver(begin('S1', noon));
    for (let count = 1; count <= 70; count += 1) {
      await network.deliver(reading('S1', noon + count * MINUTE_MS, count * 100));
      await network.sweep(noon + count * MINUTE_MS);
    }
    const series = new Set([...network.rows.values()].map((row) => row.series));
    expect([...series].sort()).toEqual([
      'connector_1m',
      'network_availability_5m',
      'site_load_1m',
      'station_revenue_1h',
      'uptime_1d',
      'zone_load_1m',
    ]);
    expect([...new Set(network.warnings)]).toEqual(['noSuchTimeZone']);
    expect(network.marks.size).toBe(0);
  });

  it('writes the minutes of a site a quarter of an hour at a time, and shows them from the minute they end', async () => {
    const network = historyInMemory(registration('S1'));
    type Shown = { readonly windows: readonly { readonly startAt: string; readonly measures: readonly unknown[] }[] };
    const shown = async (name: string, key: string): Promise<Shown['windows']> => {
      const range = { from: new Date(noon).toISOString(), to: new Date(noon + HOUR_MS).toISOString() };
      return ((await network.ask('series', { name, key, ...range })) as Shown).windows;
    };
    const stored = (): number => [...network.rows.values()].filter(({ series }) => series === 'site_load_1m').length;
    const { siteId } = registration('S1');
    const seen: [minute: number, stored: number, site: number, station: number][] = [];
    const last: Shown['windows'][] = [];
    await network.deliver(begin('S1', noon));
    for (let count = 1; count <= 40; count += 1) {
      await network.deliver(reading('S1', noon + count * MINUTE_MS, count * 100));
      await network.sweep(noon + count * MINUTE_MS + 1_000);
      const [ofSite, ofStation] = [await shown('site_load_1m', siteId), await shown('station_load_1m', 'S1')];
      expect(ofSite.map(({ startAt, measures }) => [startAt, measures.slice(0, 2)])).toEqual(
        ofStation.map(({ startAt, measures }) => [startAt, measures.slice(0, 2)]),
      );
      if ([1, 14, 15, 29, 30, 40].includes(count)) seen.push([count, stored(), ofSite.length, ofStation.length]);
      last.push(ofSite);
    }
    expect(seen).toEqual([
      [1, 0, 1, 1],
      [14, 0, 14, 14],
      [15, 15, 15, 15],
      [29, 15, 29, 29],
      [30, 30, 30, 30],
      [40, 30, 40, 40],
    ]);
    // What was shown of the first ten minutes, computed, is what is read of them.
    expect(last[39]?.slice(0, 9)).toEqual(last[10]?.slice(0, 9));
  });

  it('writes them also for a session that ended long before its quarter of an hour', async () => {
    const network = historyInMemory(registration('S1'));
    await network.deliver(begin('S1', noon));
    for (const count of [1, 2, 3]) await network.deliver(reading('S1', noon + count * MINUTE_MS, count * 100));
    const endedAt = noon + 3 * MINUTE_MS;
    const stop = { ...said(endedAt), type: 'SessionStopped', transactionId: 'T', meterStopWh: 300 } as const;
    await network.deliver({ stationId: 'S1', at: endedAt + 500, facts: [{ ...stop, reason: 'local' }] });
    for (let count = 4; count <= 16; count += 1) await network.sweep(noon + count * MINUTE_MS);
    const loads = [...network.rows.values()].filter(({ series }) => series === 'site_load_1m');
    expect(loads.map(({ startAt, measures }) => [(startAt - noon) / MINUTE_MS, measures.energyWh])).toEqual([
      [0, 100],
      [1, 100],
      [2, 100],
      [3, 0],
    ]);
  });

  it('counts a fault until its end also where that was told first and changed nothing', async () => {
    const midnight = noon + DAY_MS / 2;
    const network = historyInMemory({ ...registration('S1'), timeZone: 'UTC', commissionedAt: midnight });
    const report = async (at: number, receivedAt: number, word: 'available' | 'faulted') => {
      const said = {
        at,
        receivedAt,
        clock: 'charger',
        type: 'StatusReported',
        status: word,
        vendorStatus: word,
      } as const;
      await network.deliver({ stationId: 'S1', at: receivedAt, facts: [{ ...said, messageId: `${at}`, ...on(1) }] });
    };
    await report(noon, noon + 300, 'available');
    const faultAt = midnight + 11 * HOUR_MS;
    const endAt = faultAt + 10 * MINUTE_MS;
    for (let at = midnight + 10 * HOUR_MS; at <= midnight + 13 * HOUR_MS; at += 5 * MINUTE_MS) {
      if (at === endAt) {
        await report(endAt, endAt + 900, 'available');
        await report(faultAt, endAt + 1900, 'faulted');
      }
      await network.sweep(at + 2000);
    }
    await network.sweep(midnight + DAY_MS + MINUTE_MS);
    const rowsOf = (name: string, key: RegExp) =>
      [...network.rows.values()].filter((row) => row.series === name && key.test(row.key) && row.startAt >= midnight);
    expect(rowsOf('uptime_1d', /#1#1$/).map(({ measures }) => [measures.upMin, measures.downMin])).toEqual([
      [1430, 10],
    ]);
    const downAt = rowsOf('network_availability_5m', /^type/).filter(({ measures }) => (measures.downSec ?? 0) > 0);
    expect(downAt.map(({ startAt, measures }) => [(startAt - faultAt) / MINUTE_MS, measures.downSec])).toEqual([
      [0, 300],
      [5, 300],
    ]);
  });

  it('counts availability under the model and firmware a station booted, whatever is registered', async () => {
    const network = historyInMemory({ ...registration('S1'), model: 'M', firmware: '1.0' });
    const booted = { type: 'StationBooted', vendor: 'V', model: 'M', firmware: '2.0' } as const;
    await network.deliver({ stationId: 'S1', at: noon + 300, facts: [{ ...said(noon), ...booted }] });
    await network.sweep(noon + 5 * MINUTE_MS);
    expect(
      new Set([...network.rows.values()].map(({ key }) => key).filter((key) => /model|firmware/.test(key))),
    ).toEqual(new Set(['model#M', 'firmware#M#2.0']));
  });

  it('counts what flows at a connector that nobody registered in load and revenue, and owes no uptime for it', async () => {
    const network = historyInMemory(registration('S1'));
    const at9 = on(9);
    const start = { ...said(noon), type: 'SessionStarted', transactionId: 'T', meterStartWh: 0, ...at9 } as const;
    await network.deliver({ stationId: 'S1', at: noon + 300, facts: [start] });
    for (let count = 1; count <= 20; count += 1) {
      const at = noon + count * MINUTE_MS;
      const sample = { context: 'periodic', energyWh: count * 100, powerW: 6000 } as const;
      const fact = { ...said(at), type: 'MeterSampled', transactionId: 'T', reading: sample, ...at9 } as const;
      await network.deliver({ stationId: 'S1', at: at + 300, facts: [fact] });
      await network.sweep(at + 1_000);
    }
    const stop = { ...said(noon + 20.5 * MINUTE_MS), type: 'SessionStopped', transactionId: 'T' } as const;
    const stopped = { ...stop, meterStopWh: 2_050, reason: 'local' } as const;
    await network.deliver({ stationId: 'S1', at: noon + 21 * MINUTE_MS, facts: [stopped] });
    for (let count = 21; count <= 60; count += 1) await network.sweep(noon + count * MINUTE_MS + 1_000);
    const rowsOf = (name: string) => [...network.rows.values()].filter(({ series }) => series === name);
    const energyWh = (rows: ReturnType<typeof rowsOf>): number =>
      rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
    const range = { from: new Date(noon).toISOString(), to: new Date(noon + HOUR_MS).toISOString() };
    type Shown = { readonly windows: readonly { readonly measures: readonly { name: string; value: number }[] }[] };
    const onRead = (await network.ask('series', { name: 'station_load_1m', key: 'S1', ...range })) as Shown;
    const told = onRead.windows.flatMap(({ measures }) => measures.filter(({ name }) => name === 'energyWh'));
    expect(told.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(2_050, 3);
    for (const name of ['connector_1m', 'site_load_1m', 'zone_load_1m', 'station_revenue_1h'])
      expect([name, energyWh(rowsOf(name))]).toEqual([name, expect.closeTo(2_050, 3)]);
    expect(rowsOf('site_load_1m')[0]?.measures).toMatchObject({ connectors: 2, capacityW: 44_000 });
    expect(new Set(rowsOf('network_availability_5m').map(({ key }) => key))).toEqual(
      new Set(['region#eu-west-1', 'type#eu-west-1#Type2']),
    );
  });

  it.each([
    ['the next hour', noon + HOUR_MS],
    ['the next day', noon + DAY_MS / 2],
  ])('counts a session that ended in %s by the clock of its charger, which runs ahead', async (_, boundaryAt) => {
    const network = historyInMemory(registration('S1'));
    const endedAt = boundaryAt + 14_000;
    const receivedAt = endedAt - 4 * MINUTE_MS;
    await network.deliver(begin('S1', boundaryAt - 20 * MINUTE_MS));
    await network.deliver(reading('S1', boundaryAt - 10 * MINUTE_MS, 1_000));
    const stop = {
      ...said(endedAt),
      receivedAt,
      type: 'SessionStopped',
      transactionId: 'T',
      meterStopWh: 2_000,
    } as const;
    await network.deliver({ stationId: 'S1', at: receivedAt, facts: [{ ...stop, reason: 'local' }] });
    for (let at = boundaryAt - 3 * MINUTE_MS; at <= boundaryAt + 10 * MINUTE_MS; at += MINUTE_MS)
      await network.sweep(at);
    const hours = [...network.rows.values()].filter(({ series }) => series === 'station_revenue_1h');
    expect(
      hours.map(({ startAt, measures }) => [(startAt - boundaryAt) / HOUR_MS, measures.sessionsCompleted]),
    ).toEqual([
      [-1, 0],
      [0, 1],
    ]);
    expect(hours.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0)).toBeCloseTo(2_000, 3);
  });

  it('accounts uptime from the instant a station was commissioned', async () => {
    const commissionedAt = noon + 6 * HOUR_MS;
    const network = historyInMemory({ ...registration('S1'), commissionedAt });
    await network.deliver(begin('S1', noon));
    for (let day = 0; day <= 2; day += 1)
      for (let count = 0; count <= 2; count += 1) await network.sweep(noon + day * DAY_MS + count * MINUTE_MS);
    const days = [...network.rows.values()].filter(({ series, key }) => series === 'uptime_1d' && key === 'S1#1#1');
    expect(days.map(({ startAt, measures }) => [(startAt - noon) / HOUR_MS, measures.minutes])).toEqual([
      [-12, 360],
      [12, 1440],
    ]);
  });

  it('leaves the uptime of days on which a station was registered before as it is on record', async () => {
    const day = noon - DAY_MS / 2 - 5 * DAY_MS;
    const network = historyInMemory(
      { ...registration('S1'), timeZone: 'UTC', commissionedAt: day + 3 * DAY_MS },
      { ...registration('S2'), timeZone: 'UTC', commissionedAt: day },
    );
    const [onRecord, other] = ['S1#1#1', 'S2#1#1'].map((key) => ({
      ...{ series: 'uptime_1d', key, startAt: day, version: 1, labels: {} },
      measures: { minutes: 1440, upMin: 1440 },
    }));
    if (onRecord === undefined || other === undefined) throw new Error('No row');
    for (const row of [onRecord, other]) network.rows.set(windowName(row), row);
    for (const stationId of ['S1', 'S2'])
      for (const [at, status] of [
        [noon, 'available'],
        [day + DAY_MS / 2, 'faulted'],
      ] as const)
        await network.deliver({
          stationId,
          at: noon + 300,
          facts: [{ ...said(at, noon + 300), type: 'StatusReported', status, vendorStatus: status, ...on(1) }],
        });
    for (const minute of [1, 2]) await network.sweep(noon + minute * MINUTE_MS);
    expect(network.rows.get(windowName(onRecord))).toEqual(onRecord);
    expect(network.rows.get(windowName(other))?.measures).toMatchObject({ upMin: 0, downMin: 720, unknownMin: 720 });
  });

  it('takes back what was carried forward after the end of a session that became known late', async () => {
    const network = historyInMemory(registration('S1'));
    const from = noon + 50 * MINUTE_MS;
    await network.deliver(begin('S1', from));
    for (let count = 1; count <= 9; count += 1)
      await network.deliver(reading('S1', from + count * MINUTE_MS, count * 100));
    for (let count = 10; count <= 30; count += 1) await network.sweep(from + count * MINUTE_MS);
    const drawnWh = () =>
      [...network.rows.values()]
        .filter(({ series }) => series === 'site_load_1m')
        .reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
    expect(drawnWh()).toBeGreaterThan(2000);
    const endedAt = from + 9.9 * MINUTE_MS;
    const stop = { ...said(endedAt, from + 31 * MINUTE_MS), type: 'SessionStopped', transactionId: 'T' } as const;
    await network.deliver({
      stationId: 'S1',
      at: from + 31 * MINUTE_MS,
      facts: [{ ...stop, meterStopWh: 910, reason: 'local' }],
    });
    for (let count = 32; count <= 34; count += 1) await network.sweep(from + count * MINUTE_MS);
    expect(drawnWh()).toBeCloseTo(910, 3);
  });

  it('leaves the next hour alone where a day is computed again beside one of a clock that is half an hour behind', async () => {
    const network = historyInMemory(
      { ...registration('S1'), timeZone: 'Australia/Sydney' },
      { ...registration('S2'), timeZone: 'Australia/Adelaide' },
    );
    const midnight = noon + DAY_MS / 2;
    const stopped = { type: 'SessionStopped', reason: 'local' } as const;
    const sold = () =>
      [...network.rows.values()]
        .filter(({ series, key }) => series === 'station_revenue_1h' && key === 'S1#Type2')
        .map(({ startAt, measures }) => [(startAt - midnight) / HOUR_MS, measures.energyWh, measures.sessionsCompleted])
        .sort(([one = 0], [other = 0]) => one - other);
    await network.deliver(begin('S1', midnight - 45 * MINUTE_MS));
    for (let minute = -35; minute <= 45; minute += 10)
      await network.deliver(reading('S1', midnight + minute * MINUTE_MS, (minute + 45) * 100));
    const end = midnight + 50 * MINUTE_MS;
    const own = { ...said(end), ...stopped, transactionId: 'T', meterStopWh: 9_500, ...on(1) };
    await network.deliver({ stationId: 'S1', at: end + 300, facts: [own] });
    for (const minute of [51, 52]) await network.sweep(midnight + minute * MINUTE_MS);
    const before = [
      [-1, 4_500, 0],
      [0, 5_000, 1],
    ];
    expect(sold()).toEqual(before);
    const startedAt = noon + HOUR_MS;
    const receivedAt = midnight + 55 * MINUTE_MS;
    for (const stationId of ['S1', 'S2']) {
      const late = { clock: 'charger', receivedAt, messageId: 'late', transactionId: 'L', ...on(1) } as const;
      const start = { ...late, at: startedAt, type: 'SessionStarted', meterStartWh: 0 } as const;
      const stop = { ...late, ...stopped, at: startedAt + 10 * MINUTE_MS, meterStopWh: 1_000 };
      await network.deliver({ stationId, at: receivedAt, facts: [start, stop] });
    }
    for (const minute of [56, 57]) await network.sweep(midnight + minute * MINUTE_MS);
    expect(sold()).toEqual([[-11, 1_000, 1], ...before]);
  });

  it('lets rows settle that were just written before it computes with them', async () => {
    const network = historyInMemory(registration('S1'));
    await network.deliver(begin('S1', noon));
    await network.sweep(noon + MINUTE_MS);
    await network.deliver(reading('S1', noon + HOUR_MS, 1000));
    await network.sweep(noon + HOUR_MS + 300);
    expect([...network.marks.keys()]).toContain(`load|harbour|${noon}`);
    await network.sweep(noon + HOUR_MS + MINUTE_MS);
    expect(network.marks.size).toBe(0);
  });

  it('makes up for a long standstill by marks, a day at a time', async () => {
    const network = historyInMemory(registration('S1'));
    await network.deliver(begin('S1', noon));
    await network.sweep(noon + MINUTE_MS);
    for (let hour = 1; hour <= 72; hour += 1) await network.deliver(reading('S1', noon + hour * HOUR_MS, hour * 1000));
    let at = noon + 3 * DAY_MS + 5 * MINUTE_MS;
    do {
      at += MINUTE_MS;
      await network.sweep(at);
    } while (network.marks.size > 0);
    const loads = [...network.rows.values()].filter(({ series }) => series === 'site_load_1m');
    expect(loads.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0)).toBeCloseTo(72_000, -3);
    expect(new Set(loads.map(({ startAt }) => startAt)).size).toBeGreaterThanOrEqual(72 * 60);
    const days = [...network.rows.values()].filter(({ series, key }) => series === 'uptime_1d' && key === 'S1#1#1');
    expect(days).toHaveLength(4);
  });

  it('makes up for it in as many runs as it takes where stores are slow', async () => {
    let isSlow = false;
    const network = historyInSegments(1, [registration('S1')], {
      reach: (advance) => {
        if (isSlow) advance(5_000);
      },
    });
    await network.deliver(begin('S1', noon));
    await network.sweep(noon + MINUTE_MS);
    for (let hour = 1; hour <= 480; hour += 1) await network.deliver(reading('S1', noon + hour * HOUR_MS, hour * 1000));
    isSlow = true;
    let [at, runs] = [noon + 20 * DAY_MS + 5 * MINUTE_MS, 0];
    do {
      at += 2 * MINUTE_MS;
      runs += 1;
      isSlow = runs < 10;
      await network.sweep(at);
    } while (isSlow || network.marks.size > 0);
    const loads = [...network.rows.values()].filter(({ series }) => series === 'site_load_1m');
    expect(new Set(loads.map(({ startAt }) => startAt)).size).toBeGreaterThanOrEqual(480 * 60);
    const days = [...network.rows.values()].filter(({ series, key }) => series === 'uptime_1d' && key === 'S1#1#1');
    expect(days).toHaveLength(21);
  });
});
