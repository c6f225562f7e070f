import { describe, expect, it } from 'vitest';
import { readSignal } from '../../../domain/demand-response/read-signal.ts';
import { activated, ended, registerSignal, type SignalRecord } from '../../../domain/demand-response/signal-record.ts';
import { writeReport } from '../../../use-cases/respond-to-demand/write-report.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A Friday at 18:00 in Los Angeles: Saturday in UTC. */
const startAt = Date.parse('2026-07-11T01:00:00Z');
const endAt = startAt + HOUR_MS;
const figures = {
  ...{ baselineW: 500_000, askedW: 100_000, plannedW: 100_000, shortfallW: 0 },
  ...{ stationCount: 20, unknownCount: 0 },
};

/** A signal that ran for an hour, so many days before. */
const event = (signalId: string, daysBefore: number, fields: object = { zoneId: 'north' }): SignalRecord => {
  const at = startAt - daysBefore * DAY_MS;
  const asked = { signalId, type: 'CURTAIL', endAt: new Date(at + HOUR_MS).toISOString(), ...fields };
  const amount = 'siteId' in fields ? { curtailmentPct: 10 } : { reductionKw: 100 };
  const signal = readSignal({ ...asked, ...amount }, { receivedAt: at, by: 'utility' });
  return activated(registerSignal(undefined, signal).record, figures, at);
};
const zoneOfSite: Readonly<Record<string, string>> = { depot: 'north', mall: 'south' };

/** The settlement baseline of the event, kW, where the load of the day so many days before is given by `loadKw`. */
const settlementKw = async (
  loadKw: (daysBefore: number) => number,
  others: readonly SignalRecord[],
  own = event('dr', 0),
) => {
  const signals = fakeSignalStore();
  for (const record of [...others, own]) await signals.commit(record, 0);
  const report = writeReport({
    signals,
    network: {
      timeZoneOf: async () => 'America/Los_Angeles',
      zonesOfSite: async (siteId) => [zoneOfSite[siteId] ?? ''],
    },
    windows: {
      read: async (_, __, fromAt, toAt) => {
        const agoMs = startAt - fromAt;
        // The hours of adjustment are alike on all days: the day is not scaled.
        const loadW = 1_000 * (agoMs % DAY_MS < HOUR_MS ? loadKw(Math.round(agoMs / DAY_MS)) : 400);
        const minutes = Array.from({ length: Math.ceil((toAt - fromAt) / MINUTE_MS) }, (_, minute) => minute);
        return minutes.map((minute) => ({ startAt: fromAt + minute * MINUTE_MS, measures: { loadW } })) as never;
      },
    },
    meterIntervalSec: 10,
  });
  await report(ended(own, 'completed', endAt));
  return ((await signals.report('dr'))?.baselinesW.settlement?.baselineW ?? Number.NaN) / 1_000;
};

describe('the baselines of an update that goes on with its event', () => {
  /** The report of version 2, where the first began so much sooner, and 300 kW of 500 were drawn meanwhile and for ten minutes after. */
  const reported = async (soonerMs: number, postponedMs = 0) => {
    const first = event('dr', 0);
    const firstAt = startAt - postponedMs - soonerMs;
    const running: SignalRecord = { ...first, activatedAt: firstAt, registeredAt: firstAt };
    const update = { ...first.signal, version: 2, receivedAt: startAt - postponedMs };
    const signals = fakeSignalStore();
    const own = activated(registerSignal(running, update).record, figures, startAt);
    await signals.commit(own, 0);
    const isLimited = (at: number): boolean => at >= firstAt && at < startAt - postponedMs + 10 * MINUTE_MS;
    await writeReport({
      signals,
      network: { timeZoneOf: async () => 'America/Los_Angeles', zonesOfSite: async () => [] },
      windows: {
        read: async (_, __, fromAt, toAt) =>
          Array.from({ length: Math.ceil((toAt - fromAt) / MINUTE_MS) }, (___, minute) => {
            const at = fromAt + minute * MINUTE_MS;
            return { startAt: at, measures: { loadW: isLimited(at) ? 300_000 : 500_000 } };
          }) as never,
      },
      meterIntervalSec: 10,
    })(ended(own, 'completed', endAt));
    return (await signals.report('dr'))?.baselinesW;
  };
  const before = { frozen: 500_000, meterBefore: 500_000 };
  const settlement = { unadjustedW: 500_000, ratio: 1, baselineW: 500_000 };

  it.each([
    ['a few minutes later', 10 * MINUTE_MS, 0],
    ['hours later', 3 * HOUR_MS, 0],
    ['later, and takes a break of some minutes', HOUR_MS, 5 * MINUTE_MS],
  ])('are of the time before the first version, where it comes %s', async (_, soonerMs, postponedMs) => {
    expect(await reported(soonerMs, postponedMs)).toEqual({ ...before, settlement });
  });

  it('are of the time before the update, where all had returned by then', async () => {
    const found = await reported(30 * MINUTE_MS, 60 * MINUTE_MS);
    expect(found).toEqual({ ...before, settlement });
  });
});

describe('the baselines of an event that follows another', () => {
  /** The report of an event before which others ran, while 300 kW of 500 were drawn since the first of them. */
  const reported = async (others: readonly SignalRecord[], fields?: object) => {
    const signals = fakeSignalStore();
    const own = event('dr', 0, fields);
    for (const record of [...others, own]) await signals.commit(record, 0);
    const firstAt = Math.min(startAt, ...others.map(({ activatedAt = startAt }) => activatedAt));
    await writeReport({
      signals,
      network: {
        timeZoneOf: async () => 'America/Los_Angeles',
        zonesOfSite: async (siteId) => [zoneOfSite[siteId] ?? ''],
      },
      windows: {
        read: async (_, __, fromAt, toAt) =>
          Array.from({ length: Math.ceil((toAt - fromAt) / MINUTE_MS) }, (___, minute) => {
            const at = fromAt + minute * MINUTE_MS;
            return { startAt: at, measures: { loadW: at >= firstAt && at < endAt ? 300_000 : 500_000 } };
          }) as never,
      },
      meterIntervalSec: 10,
    })(ended(own, 'completed', endAt));
    return (await signals.report('dr'))?.baselinesW;
  };
  const hours = (count: number) => count / 24;
  const before = {
    ...{ frozen: 500_000, meterBefore: 500_000 },
    settlement: { unadjustedW: 500_000, ratio: 1, baselineW: 500_000 },
  };

  it.each([
    ['one that it continues', [event('first', hours(1))]],
    ['a chain of them', [1, 2, 3, 4, 5].map((ago) => event(`${ago}`, hours(ago)))],
    ['a chain of more than a day', Array.from({ length: 30 }, (_, ago) => event(`${ago}`, hours(ago + 1)))],
    ['one that ended a few minutes before', [event('first', hours(1.1))]],
  ])('are of the time before the first of %s', async (_, others) => {
    expect(await reported(others)).toEqual(before);
  });

  it('are of the time before one of its zone, where it asks a site', async () => {
    expect(await reported([event('first', hours(1))], { siteId: 'depot' })).toEqual(before);
  });

  it.each([
    ['another zone', { zoneId: 'south' }],
    ['a site in its zone', { siteId: 'depot' }],
  ])('are of its own time after one of %s', async (_, fields) => {
    expect((await reported([event('first', hours(1), fields)]))?.meterBefore).toBe(300_000);
  });
});

/** Ten working days before it are the days 1 to 4, 7 to 11 and 14. */
const workingDays = [1, 2, 3, 4, 7, 8, 9, 10, 11, 14];

describe('the settlement baseline of a report', () => {
  it('is the mean of ten working days of the place, also where UTC is a day ahead', async () => {
    expect(await settlementKw((day) => (workingDays.includes(day) ? 100 : 900), [])).toBeCloseTo(100, 6);
  });

  it.each([
    ['of its zone', event('other', 2), 20],
    ['at a site in its zone', event('other', 2, { siteId: 'depot' }), 20],
    ['of another zone', event('other', 2, { zoneId: 'south' }), 10],
    ['at a site elsewhere', event('other', 2, { siteId: 'mall' }), 10],
  ])('leaves out a day with an event %s as far as it concerns it', async (_, other, expected) => {
    // The eleventh day, which takes the place of one that is left out, has 110 kW; the second has 10 and all others as well.
    const loads = (day: number) => (day === 15 ? 110 : 10);
    expect(await settlementKw(loads, [other])).toBeCloseTo(expected, 6);
  });

  it('keeps a day on which a signal was taken and never became active', async () => {
    const { activatedAt: _, ...never } = event('other', 2);
    expect(await settlementKw((day) => (day === 15 ? 110 : 10), [never])).toBeCloseTo(10, 6);
  });

  it('finds the days of events behind more than a page of signals', async () => {
    const many = Array.from({ length: 250 }, (_, index) => event(`south-${index}`, 1, { zoneId: 'south' }));
    expect(await settlementKw((day) => (day === 15 ? 110 : 10), [...many, event('other', 2)])).toBeCloseTo(20, 6);
  });
});
