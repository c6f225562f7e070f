import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSiteSignal } from '../../../use-cases/accept-site-signals/read-site-signal.ts';
import { type Habit, METER_SEC, type SimulatedStation, simulatedZone } from './simulated-zone.ts';

const startedAt = Date.parse('2026-07-01T17:00:00Z');
const iso = (afterSec: number): string => new Date(startedAt + afterSec * 1_000).toISOString();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: startedAt });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

const zoneOf = (count: number, habitOf: (index: number) => Habit = () => 'obeys'): SimulatedStation[] =>
  Array.from({ length: count }, (_, index) => ({
    stationId: `S${String(index).padStart(3, '0')}`,
    demandW: 40_000,
    habit: habitOf(index),
  }));

const curtail = (fields: object = {}) => ({
  signalId: 'dr-1',
  type: 'CURTAIL',
  reductionKw: 200,
  endAt: iso(1_800),
  ...fields,
});

const kinds = (zone: ReturnType<typeof simulatedZone>) =>
  zone.signals.writes.flatMap(({ outbox }) => outbox.map(({ type }) => type));

describe('a demand-response event', () => {
  it('sheds what was asked, holds it, and comes back by the profiles of the stations', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(1);
    expect(zone.totalW()).toBe(600_000);
    await pass(1_700);
    expect(zone.totalW()).toBe(600_000);
    const sentDuring = zone.profiles.length;
    expect(sentDuring).toBe(20);
    // Everybody is back within a delay of ten minutes and a ramp of one; nothing more was sent.
    await pass(100 + 660);
    expect(zone.totalW()).toBe(800_000);
    expect(zone.profiles).toHaveLength(sentDuring);
    await pass(900);
    expect((await zone.signals.load('dr-1'))?.endedAs).toBe('completed');
    expect(kinds(zone).slice(0, 3)).toEqual(['Signalled', 'Planned', 'Dispatched']);
    expect(kinds(zone).slice(-2)).toEqual(['Restored', 'Completed']);
    expect((await zone.plan()).signals).toEqual([]);
    const report = await zone.signals.report('dr-1');
    expect(report?.metrics).toMatchObject({ steadyDeliveredW: 200_000, steadyCompliancePercent: 100, overshootW: 0 });
    expect(report?.stations).toMatchObject({ asked: 20, nonResponsive: 0, unreachable: 0 });
    expect(report?.metrics.t90Sec).toBe(METER_SEC / 2);
    expect(report?.lastSentSec).toBeLessThan(1);
  });

  it('reads the meters of a zone as often for many signals as for one', async () => {
    const readsWith = async (signals: number): Promise<number> => {
      const zone = simulatedZone(zoneOf(20));
      for (let index = 1; index <= signals; index += 1)
        await zone.submit(curtail({ signalId: `dr-${index}`, reductionKw: 40 }));
      await pass(300);
      return zone.reads.loads;
    };
    const ofOne = await readsWith(1);
    expect(ofOne).toBeGreaterThan(30);
    expect(await readsWith(5)).toBeLessThan(1.2 * ofOne);
  });

  it('asks others for what some do not give', async () => {
    const zone = simulatedZone(zoneOf(20, (index) => (['ignores', 'rejects'] as const)[index] ?? 'obeys'));
    await zone.submit(curtail({ reductionKw: 300 }));
    await pass(1);
    expect(zone.totalW()).toBe(800_000 - 18 * 15_000);
    await pass(2 * METER_SEC + 10);
    expect(zone.totalW()).toBe(500_000);
    const record = await zone.signals.load('dr-1');
    expect(record).toMatchObject({ state: 'active', round: 2 });
    await pass(METER_SEC + 10);
    expect((await zone.signals.load('dr-1'))?.lastCheck).toMatchObject({ deliveredW: 300_000, nonResponsiveCount: 2 });
    const checks = await zone.signals.checks('dr-1');
    expect(kinds(zone).filter((kind) => kind === 'Verified')).toHaveLength(checks.length);
  });

  it('promises no more than there is, and says what is missing', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail());
    await pass(1);
    const { figures } = (await zone.signals.load('dr-1')) ?? {};
    expect(figures).toMatchObject({ askedW: 200_000, plannedW: 140_000, shortfallW: 60_000 });
    expect(kinds(zone)).toContain('Shortfall');
    expect(zone.totalW()).toBe(20_000);
  });

  it('pauses cars in an emergency, and brings them back without a delay', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ type: 'SHED', reductionKw: 160, priority: 1 }));
    await pass(1);
    expect(zone.totalW()).toBe(0);
    await pass(1_799 + 61);
    expect(zone.totalW()).toBe(160_000);
  });

  it('limits car by car where a station takes no maximum for the whole', async () => {
    const zone = simulatedZone(zoneOf(4).map((one) => ({ ...one, hasNoMax: true as const })));
    await zone.submit(curtail({ reductionKw: 40 }));
    await pass(1);
    expect(zone.totalW()).toBe(120_000);
    expect(new Set(zone.profiles.map(({ purpose }) => purpose))).toEqual(new Set(['TxDefaultProfile', 'TxProfile']));
  });

  it('leaves comfort in an event of priority 3, and takes it in one of priority 2', async () => {
    const stations = zoneOf(4).map((one, index) => (index === 0 ? { ...one, comfortW: 50_000 } : one));
    const zone = simulatedZone(stations);
    await zone.submit(curtail({ priority: 3, reductionKw: 120 }));
    await pass(1);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    expect(zone.totalW()).toBe(55_000);
    await zone.submit(curtail({ version: 2, priority: 2, reductionKw: 120 }));
    await pass(30);
    expect(zone.totalW()).toBe(40_000);
  });

  it('asks stations that reject a maximum for the whole car by car, where the others cannot give all', async () => {
    const zone = simulatedZone(zoneOf(4, (index) => (index < 2 ? 'rejects-maximum' : 'obeys')));
    await zone.submit(curtail({ reductionKw: 120 }));
    await pass(1);
    expect(zone.totalW()).toBe(100_000);
    await pass(3 * (METER_SEC + 10));
    expect(zone.totalW()).toBeLessThanOrEqual(40_000);
  });

  it('tells when the first station accepted, and who answered how', async () => {
    const zone = simulatedZone(zoneOf(10, (index) => (index === 0 ? 'rejects' : 'obeys')));
    await zone.submit(curtail({ reductionKw: 100 }));
    await pass(60);
    const states = (await zone.plan()).stations.map(({ sent }) => sent?.answer);
    expect(states).toEqual(['rejected', ...Array.from({ length: 9 }, () => 'accepted')]);
    await pass(3_600);
    const report = await zone.signals.report('dr-1');
    expect(report?.stations).toMatchObject({ refused: 1, silent: 0, randomised: 10 });
    expect(report?.firstAcceptedSec).toBeCloseTo(0.02, 2);
  });

  it('judges nobody by samples from before it could act', async () => {
    const zone = simulatedZone(zoneOf(20, (index) => (index === 0 ? 'ignores' : 'obeys')));
    zone.lagMs.value = 30_000;
    await zone.submit(curtail());
    await pass(25);
    expect((await zone.signals.load('dr-1'))?.round).toBe(1);
    await pass(60);
    expect(
      (await zone.plan()).stations.flatMap(({ stationId, creditW }) => (creditW === undefined ? [] : stationId)),
    ).toEqual(['S000']);
  });

  it('fails at once, and says why, where no station takes part', async () => {
    const zone = simulatedZone([]);
    await zone.submit(curtail());
    await pass(1);
    const [completed] = (await zone.signals.load('dr-1'))?.outbox ?? [];
    expect(completed).toMatchObject({ type: 'Completed', as: 'failed', reason: 'No station takes part in zone north' });
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('waits for its start', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ startAt: iso(600), reductionKw: 40 }));
    await pass(590);
    expect(zone.profiles).toEqual([]);
    await pass(11);
    expect(zone.totalW()).toBe(120_000);
  });
});

describe('an event that changes', () => {
  it('is lifted at once by a RESTORE, within the delay and the ramp', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(300);
    await zone.restore({ signalIds: ['dr-1'], why: 'over' });
    await pass(662);
    expect(zone.totalW()).toBe(800_000);
    await pass(900);
    expect(await zone.signals.load('dr-1')).toMatchObject({ endedAs: 'cancelled', restoredWhy: 'over' });
    expect(zone.taken.filter((step) => step === 'finish')).toHaveLength(1);
  });

  it('is never begun when a RESTORE comes before its start', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ startAt: iso(600) }));
    await pass(10);
    await zone.restore({ zoneId: 'north' });
    await pass(3_000);
    expect(zone.profiles).toEqual([]);
    expect((await zone.signals.load('dr-1'))?.state).toBe('ended');
  });

  it('takes an update without measuring against a load that is reduced already', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(120);
    await zone.submit(curtail({ version: 2, reductionKw: 100 }));
    await pass(30);
    expect(zone.totalW()).toBe(700_000);
    await zone.submit(curtail({ version: 3, reductionKw: 400 }));
    await pass(30);
    expect(zone.totalW()).toBe(400_000);
    await pass(3_600);
    expect(zone.totalW()).toBe(800_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ endedAs: 'completed', signal: { version: 3 } });
  });

  it('nests with another of its zone: the larger counts, and the smaller stays when that one ends', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ endAt: iso(3_000) }));
    await pass(60);
    await zone.submit(curtail({ signalId: 'dr-2', reductionKw: 500, endAt: iso(900) }));
    await pass(60);
    expect(zone.totalW()).toBe(300_000);
    await pass(900);
    expect(zone.totalW()).toBe(600_000);
    await pass(4_000);
    expect(zone.totalW()).toBe(800_000);
    for (const id of ['dr-1', 'dr-2']) expect((await zone.signals.load(id))?.endedAs).toBe('completed');
  });

  it.each(['CURTAIL', 'SHED'])(
    'is followed by the next %s without asking for more than that one says',
    async (type) => {
      const zone = simulatedZone(zoneOf(20));
      for (let index = 0; index < 3; index++) {
        const interval = { startAt: iso(60 + index * 900), endAt: iso(60 + (index + 1) * 900) };
        await zone.submit(curtail({ signalId: `dr-${index}`, type, reductionKw: 150, ...interval }));
      }
      const drawnKw: number[] = [];
      for (let minute = 10; minute <= 45; minute += 5) {
        await pass(minute * 60 - (Date.now() - startedAt) / 1_000);
        drawnKw.push(zone.totalW() / 1_000);
      }
      expect(drawnKw).toEqual(drawnKw.map(() => 650));
    },
  );

  it.each([
    ['alone', {}],
    ['by one that follows at once', { startAt: iso(900), endAt: iso(1_800) }],
  ])('reports how its stations took it when it is ended %s', async (_, next) => {
    const habits = ['rejects', 'rejects', 'offline', 'offline', 'ignores'] as const;
    const zone = simulatedZone(zoneOf(20, (index) => habits[index] ?? 'obeys'));
    await zone.submit(curtail({ reductionKw: 150, endAt: iso(900) }));
    if ('startAt' in next) await zone.submit(curtail({ signalId: 'dr-2', reductionKw: 150, ...next }));
    await pass(900 + 1_000);
    expect((await zone.signals.report('dr-1'))?.stations).toEqual({
      ...{ asked: 20, paused: 0, refused: 2, silent: 0, randomised: 20, unreachable: 2, nonResponsive: 5, unknown: 0 },
    });
  });

  it('is asked for again in the midst of the return, against the load without limits', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ reductionKw: 300 }));
    await pass(300);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(300);
    await zone.submit(curtail({ signalId: 'dr-2', reductionKw: 300 }));
    await pass(60);
    expect(zone.totalW()).toBe(500_000);
    expect((await zone.signals.load('dr-2'))?.figures).toMatchObject({ baselineW: 800_000, plannedW: 300_000 });
  });

  it('asks a site for its share within the plan of the zone', async () => {
    const stations = zoneOf(20).map((one, index) => ({ ...one, siteId: index < 5 ? 'depot' : 'mall' }));
    const zone = simulatedZone(stations);
    await zone.submit(curtail({ zoneId: undefined, siteId: 'depot', reductionKw: undefined, curtailmentPct: 50 }));
    await pass(1);
    expect(zone.totalW()).toBe(700_000);
    expect(zone.profiles.map(({ stationId }) => stationId).toSorted()).toEqual([
      'S000',
      'S001',
      'S002',
      'S003',
      'S004',
    ]);
  });
});

describe('a controlled site', () => {
  const limitsIn = (zone: ReturnType<typeof simulatedZone>) =>
    zone.siteRecords.map((record) => {
      if (record.kind !== 'signals') return record;
      const said = JSON.parse(Buffer.from(record.payload, 'base64').toString());
      return readSiteSignal({ name: record.name, by: record.clientId, receivedAt: record.receivedAt }, said);
    });

  it('is told what an event leaves its stations, and when it is lifted', async () => {
    const stations = zoneOf(4).map((one, index) => ({ ...one, siteId: index === 0 ? 'depot' : 'mall' }));
    const zone = simulatedZone(stations, { controlledSites: ['depot'] });
    await zone.submit(curtail({ reductionKw: 40 }));
    await pass(1);
    const scope = { kind: 'station', stationId: 'S000' };
    expect(limitsIn(zone)).toMatchObject([{ siteId: 'depot', scope, limit: 30_000, to: startedAt + 1_800_000 }]);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(1);
    expect(limitsIn(zone).at(-1)).toMatchObject({ siteId: 'depot', scope });
    expect(limitsIn(zone).at(-1)).not.toHaveProperty('limit');
  });
});

describe('stations that come and go during an event', () => {
  it('limits one that comes into the zone at the next check, and asks the others for what it draws', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(60);
    zone.join({ stationId: 'NEW', demandW: 40_000 });
    await pass(2 * METER_SEC);
    expect(zone.limitOf('NEW')).toBe(5_000);
    expect(zone.totalW()).toBe(600_000);
  });

  it('goes on without one that leaves, and asks the others for what it gave', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(60);
    zone.leave('S000');
    await pass(60);
    const { stations } = await zone.plan();
    const others = stations.filter(({ stationId }) => stationId !== 'S000');
    expect(others.reduce((sum, { shedW }) => sum + shedW, 0)).toBe(200_000);
    await pass(3_600);
    expect((await zone.signals.load('dr-1'))?.endedAs).toBe('completed');
  });

  it('asks the others for what drivers draw who come to stations that were idle', async () => {
    const zone = simulatedZone(zoneOf(20).map((one, index) => (index === 0 ? { ...one, demandW: 0 } : one)));
    await zone.submit(curtail());
    await pass(60);
    expect(zone.totalW()).toBe(560_000);
    zone.demand('S000', 40_000);
    await pass(60);
    expect(zone.limitOf('S000')).toBe(5_000);
    expect(zone.totalW()).toBe(560_000);
    // They go again: the others may draw what they did before.
    zone.demand('S000', 0);
    await pass(60);
    expect(zone.totalW()).toBe(560_000);
  });

  it('keeps asking anew however often something changes', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ reductionKw: 100, endAt: iso(3_600) }));
    for (let turn = 0; turn < 8; turn++) {
      await pass(180);
      zone.join({ stationId: `NEW${turn}`, demandW: 40_000 });
    }
    await pass(180);
    expect(zone.totalW()).toBe(700_000);
  });
});

describe('signals that overlap', () => {
  it('deliver what a site and its zone are asked for, each in its own right', async () => {
    const stations = zoneOf(20).map((one, index) => ({ ...one, siteId: index < 5 ? 'depot' : 'mall' }));
    const zone = simulatedZone(stations);
    await zone.submit(curtail({ reductionKw: 100 }));
    await zone.submit({
      signalId: 'site',
      type: 'CURTAIL',
      siteId: 'depot',
      curtailmentPct: 50,
      zoneId: undefined,
      endAt: iso(900),
    });
    await pass(60);
    const drawnW = (siteId: string) =>
      stations
        .filter((one) => one.siteId === siteId)
        .reduce((sum, one) => sum + Math.min(one.demandW, zone.limitOf(one.stationId)), 0);
    expect(drawnW('depot')).toBe(100_000);
    expect(zone.totalW()).toBeLessThanOrEqual(700_000);
  });

  it('of a site that is idle nothing is asked, and the report has no share of nothing', async () => {
    const zone = simulatedZone([{ stationId: 'S000', demandW: 0 }]);
    const curtailment = { siteId: 'depot', curtailmentPct: 30, reductionKw: undefined, zoneId: undefined };
    await zone.submit(curtail({ ...curtailment, endAt: iso(600) }));
    await pass(600 + 1_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
    expect((await zone.signals.report('dr-1'))?.metrics).toEqual({
      t50Sec: 0,
      t90Sec: 0,
      steadyDeliveredW: 0,
      energyDeliveredWh: 0,
      shortfallWh: 0,
      overshootW: 0,
    });
  });

  it('of two percentages of a site the larger counts', async () => {
    const zone = simulatedZone(zoneOf(4));
    const percent = (signalId: string, curtailmentPct: number, endAt: string) =>
      zone.submit({ signalId, type: 'CURTAIL', siteId: 'depot', curtailmentPct, zoneId: undefined, endAt });
    await percent('a', 25, iso(1_800));
    await pass(60);
    expect(zone.totalW()).toBe(120_000);
    // Its baseline is what was drawn before the first.
    await percent('b', 50, iso(900));
    await pass(60);
    expect(zone.totalW()).toBe(80_000);
    await pass(900);
    expect(zone.totalW()).toBe(120_000);
  });

  it('ask others for what is missing at each of two sites', async () => {
    const stations = zoneOf(20, (index) => ([0, 10].includes(index) ? 'ignores' : 'obeys')).map((one, index) => ({
      ...one,
      siteId: index < 10 ? 'depot' : 'mall',
    }));
    const zone = simulatedZone(stations);
    const percent = (siteId: string) =>
      zone.submit({
        signalId: siteId,
        type: 'CURTAIL',
        siteId,
        curtailmentPct: 25,
        zoneId: undefined,
        endAt: iso(1_800),
      });
    await percent('depot');
    await percent('mall');
    await pass(120);
    expect(zone.totalW()).toBe(600_000);
  });
});

describe('an event that is disturbed', () => {
  // The first chunk is sent by the step that plans it: more than 250 stations need the step that sends others.
  it.each([
    ['begin', 20],
    ['dispatch', 300],
    ['verify', 20],
  ] as const)('survives a %s that fails for a minute', async (failing, count) => {
    const zone = simulatedZone(zoneOf(count));
    zone.faults.before = (step) => {
      if (step === failing && Date.now() < startedAt + 60_000) throw new Error('Throttled');
    };
    await zone.submit(curtail());
    await pass(300);
    expect(zone.totalW()).toBeCloseTo(count * 40_000 - 200_000, -1);
  });

  it.each([
    ['dispatch', 300],
    ['verify', 20],
  ] as const)('lifts the limits when %s fails for good, and says so', async (failing, count) => {
    const zone = simulatedZone(zoneOf(count));
    let lifts = 0;
    zone.faults.before = (step) => {
      if (step === 'restore') lifts += 1;
      if (step === failing && lifts === 0) throw new Error('Broken');
    };
    await zone.submit(curtail());
    await pass(1_500);
    expect(zone.totalW()).toBe(count * 40_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
    const [execution] = [...zone.executions.values()];
    expect(await execution?.ended).toMatchObject({ status: 'FAILED', error: 'DemandResponseFailed' });
  });

  it('ends by the profiles of the stations when the whole machine stops', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(120);
    for (const { abort } of zone.executions.values()) abort();
    await pass(1_680 + 661);
    expect(zone.totalW()).toBe(800_000);
  });

  it('changes nothing when its execution runs twice, or begins anew in the middle', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(120);
    const sent = zone.profiles.length;
    const input = { signalId: 'dr-1', version: 1, purpose: 'respond' };
    zone.run('again', input);
    zone.run('and again', input);
    await pass(300);
    expect(zone.totalW()).toBe(600_000);
    expect(zone.profiles).toHaveLength(sent);
    await pass(3_600);
    expect(zone.totalW()).toBe(800_000);
    expect(kinds(zone).filter((type) => type === 'Completed')).toHaveLength(1);
    expect(kinds(zone).filter((type) => type === 'Planned')).toHaveLength(1);
  });

  it.each([
    ['before its start', 10, { startAt: iso(600) }],
    ['while it is sent', 0, {}],
    ['before the first check', 5, {}],
    ['while it holds', 400, {}],
    ['while it restores', 1_850, {}],
    ['after its end', 3_600, {}],
  ] as const)('may be cancelled %s, again and again', async (_, afterSec, fields) => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ reductionKw: 40, ...fields }));
    await pass(afterSec);
    for (let turn = 0; turn < 3; turn++) await zone.restore({ signalIds: ['dr-1'] });
    await pass(3_600);
    expect(zone.totalW()).toBe(160_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended' });
    expect((await zone.plan()).signals).toEqual([]);
    expect(kinds(zone).filter((type) => type === 'Completed')).toHaveLength(1);
  });

  it('brings stations of a cancelled emergency back without a delay', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 800 }));
    await pass(60);
    expect(zone.totalW()).toBe(0);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(62);
    expect(zone.totalW()).toBe(800_000);
  });

  it('begins at once with a start in the past', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ reductionKw: 40, startAt: iso(-300) }));
    await pass(1);
    expect(zone.totalW()).toBe(120_000);
    expect(() => zone.submit(curtail({ startAt: iso(600), endAt: iso(300), version: 2 }))).toThrow(/endAt/);
  });

  it('is begun anew by another execution when its own was stopped, and changes nothing twice', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(45);
    for (const { abort } of zone.executions.values()) abort();
    await pass(60);
    zone.run('once more', { signalId: 'dr-1', version: 1, purpose: 'respond' });
    await pass(30);
    expect(zone.totalW()).toBe(600_000);
    expect(zone.profiles).toHaveLength(20);
    await pass(3_600);
    expect(await zone.signals.load('dr-1')).toMatchObject({ endedAs: 'completed' });
  });

  it('sends the first stations their limits before it writes those of the last', async () => {
    const zone = simulatedZone(zoneOf(200));
    const sentWhenWritten = new Map<string, number>();
    zone.faults.beforeCommand = (stationId) => {
      if (!sentWhenWritten.has(stationId)) sentWhenWritten.set(stationId, zone.profiles.length);
    };
    await zone.submit(curtail());
    await pass(1);
    expect(zone.profiles.map(({ stationId }) => stationId)).toEqual([...sentWhenWritten.keys()]);
    expect(sentWhenWritten.get('S199')).toBeGreaterThan(150);
  });

  it('sends what was planned although the task that planned it never came to send it', async () => {
    const zone = simulatedZone(zoneOf(20, (index) => (index < 2 ? 'ignores' : 'obeys')));
    await zone.submit(curtail());
    await pass(15);
    const { rev } = await zone.plan();
    // The first check plans again; its execution ends before anything of that is sent.
    zone.faults.before = (step) => {
      if (step !== 'dispatch') return;
      for (const { abort } of zone.executions.values()) abort();
      throw new Error('Stopped');
    };
    await pass(30);
    expect((await zone.plan()).rev).toBeGreaterThan(rev);
    expect(zone.totalW()).toBeGreaterThan(600_000);
    delete zone.faults.before;
    zone.run('once more', { signalId: 'dr-1', version: 1, purpose: 'respond' });
    await pass(30);
    expect(zone.totalW()).toBe(600_000);
  });

  it('reaches a station that was offline as soon as it is heard of again', async () => {
    const zone = simulatedZone(zoneOf(20, (index) => (index === 0 ? 'offline' : 'obeys')));
    await zone.submit(curtail({ reductionKw: 600 }));
    await pass(60);
    zone.connect('S000');
    await pass(120);
    expect(zone.totalW()).toBeLessThanOrEqual(200_000);
  });

  it('reaches a station that connects for the first time in its midst, and does not try before', async () => {
    const zone = simulatedZone(zoneOf(20, (index) => (index === 0 ? 'never-connected' : 'obeys')));
    await zone.submit(curtail({ reductionKw: 600, endAt: iso(3_600) }));
    const dispatches = () => zone.taken.filter((step) => step === 'dispatch').length;
    await pass(120);
    const before = dispatches();
    await pass(1_200);
    expect(dispatches()).toBe(before);
    zone.connect('S000');
    await pass(120);
    expect(zone.totalW()).toBeLessThanOrEqual(200_000);
  });

  it.each(['restore', 'finish'] as const)('ends although %s is throttled for a while', async (failing) => {
    const zone = simulatedZone(zoneOf(4));
    zone.faults.before = (step) => {
      if (step === failing && Date.now() < startedAt + 1_900_000) throw new Error('Throttled');
    };
    await zone.submit(curtail({ reductionKw: 40 }));
    await pass(4_500);
    expect(zone.totalW()).toBe(160_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
  });

  it('starts one execution for a signal that is delivered again and again', async () => {
    const zone = simulatedZone(zoneOf(4));
    for (let delivery = 0; delivery < 3; delivery++) await zone.submit(curtail({ reductionKw: 40 }));
    expect(zone.executions.size).toBe(1);
    await expect(zone.submit(curtail({ reductionKw: 41 }))).rejects.toThrow(/another content/);
    await zone.submit(curtail({ version: 5, reductionKw: 41 }));
    await expect(zone.submit(curtail({ version: 4, reductionKw: 41 }))).rejects.toThrow(/version 4 is older/);
  });
});
