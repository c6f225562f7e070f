import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandRefused } from '../../../use-cases/send-command/command-refused.ts';
import { type SimulatedStation, simulatedZone } from './simulated-zone.ts';

const startedAt = Date.parse('2026-07-01T17:00:00Z');
const iso = (afterSec: number): string => new Date(startedAt + afterSec * 1_000).toISOString();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: startedAt });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

const zoneOf = (count: number): SimulatedStation[] =>
  Array.from({ length: count }, (_, index) => ({
    stationId: `S${String(index).padStart(3, '0')}`,
    demandW: 40_000,
    siteId: index < count / 4 ? 'depot' : 'mall',
  }));
const atSite = (siteId: string, curtailmentPct: number, fields: object = {}) => ({
  ...{ signalId: siteId, type: 'CURTAIL', zoneId: undefined, siteId, curtailmentPct, endAt: iso(1_800) },
  ...fields,
});
const curtail = (fields: object = {}) => ({
  ...{ signalId: 'dr-1', type: 'CURTAIL', reductionKw: 200, endAt: iso(1_800) },
  ...fields,
});
type Zone = ReturnType<typeof simulatedZone>;
const told = (zone: Zone, signalId = 'dr-1') =>
  zone.signals.writes
    .filter(({ signal }) => signal.signalId === signalId)
    .flatMap(({ outbox }) => outbox.map(({ type }) => type));

describe('signals that come in another order', () => {
  it('a RESTORE that overtakes its signal is refused, and the signal runs', async () => {
    const zone = simulatedZone(zoneOf(20));
    await expect(zone.restore({ signalIds: ['dr-1'] })).rejects.toThrow(/no signal dr-1/);
    await zone.submit(curtail());
    await pass(1);
    expect(zone.totalW()).toBe(600_000);
  });

  it('an older version that comes late is refused, in every state', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ version: 2 }));
    for (const waitSec of [0, 60, 1_800, 3_600]) {
      await pass(waitSec);
      await expect(zone.submit(curtail({ version: 1, reductionKw: 400, endAt: iso(9_000) }))).rejects.toThrow(/older/);
    }
    expect(zone.totalW()).toBe(800_000);
    expect(told(zone).filter((type) => type === 'Completed')).toHaveLength(1);
  });

  it('an update before the start takes the place of the first version', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ startAt: iso(600) }));
    await zone.submit(curtail({ version: 2, startAt: iso(900), reductionKw: 100 }));
    await pass(890);
    expect(zone.profiles).toEqual([]);
    await pass(15);
    expect(zone.totalW()).toBe(700_000);
    expect(told(zone).filter((type) => type === 'Planned')).toHaveLength(1);
  });

  it('an update that starts later lifts what runs until then', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ type: 'SHED', priority: 1 }));
    await pass(60);
    await zone.submit(curtail({ type: 'SHED', priority: 1, version: 2, startAt: iso(900), reductionKw: 100 }));
    await pass(90);
    expect(zone.totalW()).toBe(800_000);
    await pass(800);
    expect(zone.totalW()).toBe(700_000);
    await pass(4_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
  });

  it('an update about another zone is refused while the event is not over, and taken after it', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ endAt: iso(300) }));
    await pass(60);
    await expect(zone.submit(curtail({ version: 2, zoneId: 'south' }))).rejects.toThrow(/dr-1 is about zone north/);
    expect(zone.totalW()).toBe(600_000);
    await pass(2_000);
    expect((await zone.submit(curtail({ version: 2, zoneId: 'south', endAt: iso(5_000) }))).state).toBe('waiting');
  });

  it('an update that ends sooner lets stations return sooner', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await pass(60);
    await zone.submit(curtail({ version: 2, endAt: iso(300) }));
    await pass(30);
    expect(zone.totalW()).toBe(600_000);
    await pass(210 + 662);
    expect(zone.totalW()).toBe(800_000);
  });

  it('what stations accepted before is no answer to an update, nor to another event, that changes no limit', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ endAt: iso(600) }));
    await pass(60);
    await zone.submit(curtail({ version: 2, endAt: iso(600) }));
    await zone.submit(curtail({ signalId: 'dr-2', reductionKw: 100, endAt: iso(600) }));
    await pass(60);
    await zone.submit(curtail({ signalId: 'dr-3', reductionKw: 300, endAt: iso(600) }));
    await pass(600 + 930);
    const reports = await Promise.all(['dr-1', 'dr-2', 'dr-3'].map(zone.signals.report));
    expect(reports.map((report) => report?.firstAcceptedSec)).toEqual([undefined, undefined, 0.02]);
  });

  it('an update of one that was cancelled begins it anew', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ type: 'SHED', priority: 1 }));
    await pass(60);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(90);
    expect(zone.totalW()).toBe(800_000);
    await zone.submit(curtail({ version: 2, reductionKw: 300 }));
    await pass(30);
    expect(zone.totalW()).toBe(500_000);
    await pass(4_000);
    expect(zone.totalW()).toBe(800_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
  });
});

describe('signals of a zone and of a site in it', () => {
  const drawnW = (zone: Zone, siteId: string) =>
    zoneOf(20)
      .filter((one) => one.siteId === siteId)
      .reduce((sum, { stationId, demandW }) => sum + Math.min(demandW, zone.limitOf(stationId)), 0);

  it.each([
    ['the zone', ['dr-1'], 100_000, 600_000],
    ['the site', ['depot'], 150_000, 450_000],
  ] as const)('leave what the other asks when %s is restored', async (_, signalIds, depotW, mallW) => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await zone.submit(atSite('depot', 50));
    await pass(60);
    expect([drawnW(zone, 'depot'), zone.totalW()]).toEqual([100_000, 600_000]);
    await zone.restore({ signalIds });
    // Whoever is not asked any more returns within the delay and the ramp.
    await pass(700);
    expect([drawnW(zone, 'depot'), drawnW(zone, 'mall')]).toEqual([depotW, mallW]);
    await pass(3_600);
    expect(zone.totalW()).toBe(800_000);
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('are ended together by a RESTORE of the zone and one of the site', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail());
    await zone.submit(atSite('depot', 50));
    await pass(60);
    await Promise.all([zone.restore({ zoneId: 'north' }), zone.restore({ siteId: 'depot' })]);
    await pass(700);
    expect(zone.totalW()).toBe(800_000);
    expect((await zone.plan()).signals).toEqual([]);
  });
});

describe('fifty signals of a zone', () => {
  const ids = Array.from({ length: 50 }, (_, index) => `dr-${index}`);
  const submitAll = (zone: Zone) =>
    Promise.all(ids.map((signalId, index) => zone.submit(curtail({ signalId, reductionKw: 10 + index }))));

  it('nest: the largest is delivered, and one RESTORE of the zone ends them all', async () => {
    const zone = simulatedZone(zoneOf(20));
    await submitAll(zone);
    await pass(60);
    expect(zone.totalW()).toBe(800_000 - 59_000);
    expect((await zone.plan()).signals).toHaveLength(50);
    await Promise.all([zone.restore({ zoneId: 'north' }), pass(1)]);
    await pass(700);
    expect(zone.totalW()).toBe(800_000);
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('are sent as a plan or two, not as fifty', async () => {
    const zone = simulatedZone(zoneOf(20));
    await submitAll(zone);
    await pass(60);
    expect(zone.profiles.length).toBeLessThanOrEqual(2 * 20);
    expect(zone.totalW()).toBe(800_000 - 59_000);
  });

  it('are sent at once, the last plan too, and not at the next look at the meters', async () => {
    const zone = simulatedZone(zoneOf(20));
    await submitAll(zone);
    await pass(3);
    expect(zone.taken).not.toContain('verify');
    expect(zone.totalW()).toBe(800_000 - 59_000);
  });

  it('are ended by their ids although one is not known, which is refused', async () => {
    const zone = simulatedZone(zoneOf(20));
    await submitAll(zone);
    await pass(60);
    const asked = zone.restore({ signalIds: ['dr-0', 'nobody', 'dr-1'] });
    await expect(asked).rejects.toThrow('There is no signal nobody');
    await pass(10);
    expect((await zone.plan()).signals.map(({ signalId }) => signalId).toSorted()).toEqual(ids.slice(2).toSorted());
  });
});

describe('stations that go', () => {
  it('have their limit lifted at the next check, and are not in the plan any more at the one after', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 400 }));
    await pass(65);
    expect(zone.limitOf('S000')).toBe(20_000);
    zone.leave('S000');
    await pass(90);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    expect((await zone.plan()).stations.map(({ stationId }) => stationId)).not.toContain('S000');
    expect(zone.totalW()).toBe(400_000);
  });
});

describe('the last station of a site that leaves a zone', () => {
  const emergency = (fields: object = {}) => atSite('depot', 50, { type: 'SHED', priority: 1, ...fields });
  const leaving = async () => {
    const zone = simulatedZone([{ stationId: 'S000', demandW: 40_000, siteId: 'depot' }, ...zoneOf(8).slice(4)]);
    await zone.submit(emergency());
    await pass(65);
    expect(zone.limitOf('S000')).toBe(20_000);
    zone.leave('S000');
    return zone;
  };

  it('has its limit lifted at the next check', async () => {
    const zone = await leaving();
    await pass(90);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    await pass(3_600);
    expect(await zone.signals.load('depot')).toMatchObject({ state: 'ended', endedAs: 'completed' });
  });

  it('has its limit lifted by a RESTORE', async () => {
    const zone = await leaving();
    await zone.restore({ signalIds: ['depot'] });
    await pass(65);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('has its limit lifted where an update is what comes next', async () => {
    const zone = await leaving();
    await zone.submit(emergency({ version: 2, startAt: iso(600) }));
    await pass(65);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    expect((await zone.plan()).signals).toEqual([]);
  });
});

describe('an update that finds no station any more', () => {
  it('ends as failed, and lifts what an earlier version left behind', async () => {
    const zone = simulatedZone(zoneOf(4).slice(0, 1));
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 20 }));
    await pass(65);
    zone.leave('S000');
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 30, version: 2 }));
    await pass(65);
    expect(zone.limitOf('S000')).toBeGreaterThanOrEqual(40_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
  });
});

describe('tasks that fail', () => {
  it('for good when an event begins: nobody is limited, and it ends as failed', async () => {
    const zone = simulatedZone(zoneOf(20));
    zone.faults.before = (step) => {
      if (step === 'begin') throw new Error('Broken');
    };
    await zone.submit(curtail());
    await pass(1_500);
    expect(zone.profiles).toEqual([]);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
  });

  it('for good when limits are to be lifted: they end with their profiles, and the next event freezes anew', async () => {
    const zone = simulatedZone(zoneOf(20));
    zone.faults.before = (step) => {
      if (step === 'restore') throw new Error('Broken');
    };
    await zone.submit(curtail({ endAt: iso(600) }));
    await pass(600 + 662);
    expect(zone.totalW()).toBe(800_000);
    await pass(1_200);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
    delete zone.faults.before;
    for (const one of zoneOf(20)) zone.demand(one.stationId, 30_000);
    await zone.submit(curtail({ signalId: 'dr-2', reductionKw: 100, endAt: iso(5_400) }));
    await pass(60);
    expect(zone.totalW()).toBe(500_000);
  });

  it('when a failure is to be recorded: the execution fails, and stations return by themselves', async () => {
    const zone = simulatedZone(zoneOf(20));
    zone.faults.before = (step) => {
      if (['verify', 'restore', 'fail'].includes(step)) throw new Error('Broken');
    };
    await zone.submit(curtail({ endAt: iso(600) }));
    await pass(600 + 662);
    expect(zone.totalW()).toBe(800_000);
    await pass(1_200);
    const [execution] = [...zone.executions.values()];
    expect(await execution?.ended).toMatchObject({ status: 'FAILED', error: 'DemandResponseFailed' });
  });

  it.each(['begin', 'dispatch', 'verify', 'restore', 'finish'] as const)(
    'every other time, %s included: nothing is sent twice, and all is told once',
    async (failing) => {
      const count = failing === 'dispatch' ? 300 : 20;
      const zone = simulatedZone(zoneOf(count));
      let calls = 0;
      zone.faults.before = (step) => {
        calls += Number(step === failing);
        if (step === failing && calls % 2 === 1) throw new Error('Throttled');
      };
      await zone.submit(curtail({ endAt: iso(600), reductionKw: 10 * count }));
      await pass(300);
      expect(zone.totalW()).toBe(30_000 * count);
      await pass(3_600);
      expect(zone.totalW()).toBe(40_000 * count);
      expect(zone.profiles).toHaveLength(count);
      expect(
        ['Planned', 'Restored', 'Completed'].map((type) => told(zone).filter((one) => one === type).length),
      ).toEqual([1, 1, 1]);
    },
  );

  it('until its end has passed: an event that could not begin limits nobody, and its chargers are told nothing', async () => {
    const zone = simulatedZone(zoneOf(20));
    zone.faults.before = (step) => {
      if (step === 'begin' && Date.now() < startedAt + 100_000) throw new Error('Throttled');
    };
    await zone.submit(curtail({ endAt: iso(60) }));
    await pass(1_200);
    expect(zone.profiles).toEqual([]);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
    expect(told(zone)).not.toContain('Planned');
  });

  it('when a report is written: the event has not ended for anybody before its report is there', async () => {
    const zone = simulatedZone(zoneOf(20));
    let isOut = true;
    zone.faults.beforeReport = () => {
      if (isOut) throw new Error('Throttled');
    };
    await zone.submit(curtail({ endAt: iso(600) }));
    await pass(600 + 930);
    expect(zone.taken).toContain('finish');
    expect([await zone.signals.report('dr-1'), told(zone).includes('Completed')]).toEqual([undefined, false]);
    isOut = false;
    await pass(120);
    expect(await zone.signals.report('dr-1')).toMatchObject({ signalId: 'dr-1' });
    expect(told(zone).filter((type) => type === 'Completed')).toHaveLength(1);
  });

  it('when a report cannot be written at all: the event ends, as failed', async () => {
    const zone = simulatedZone(zoneOf(20));
    zone.faults.beforeReport = () => {
      throw new Error('Not to be written');
    };
    await zone.submit(curtail({ endAt: iso(600) }));
    await pass(600 + 900 + 2 * 600);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'failed' });
    expect(told(zone).filter((type) => type === 'Completed')).toHaveLength(1);
  });

  it('for one chunk of several: the others are sent, and it is tried again', async () => {
    const zone = simulatedZone(zoneOf(600));
    let dispatches = 0;
    zone.faults.before = (step) => {
      dispatches += Number(step === 'dispatch');
      if (step === 'dispatch' && dispatches <= 2) throw new Error('Throttled');
    };
    await zone.submit(curtail({ reductionKw: 6_000 }));
    await pass(30);
    expect(zone.totalW()).toBe(600 * 40_000 - 6_000_000);
    expect(zone.profiles).toHaveLength(600);
  });
});

describe('commands that cannot be written', () => {
  it('in the midst of the first chunk: the step is done again, and nobody is sent anything twice', async () => {
    const zone = simulatedZone(zoneOf(60));
    let writes = 0;
    zone.faults.beforeCommand = () => {
      writes += 1;
      if (writes >= 20 && writes < 40) throw new Error('Throttled');
    };
    await zone.submit(curtail({ reductionKw: 600 }));
    await pass(60);
    expect(zone.totalW()).toBe(1_800_000);
    expect(zone.profiles).toHaveLength(60);
    expect(told(zone).slice(0, 3)).toEqual(['Signalled', 'Planned', 'Dispatched']);
  });
});

describe('a RESTORE that comes while stations are being sent their caps', () => {
  it.each([20, 300])('leaves none of %i limited, whichever arrives first', async (count) => {
    const zone = simulatedZone(zoneOf(count));
    // Each write takes a second: the signal is restored when some have their caps and others have not.
    zone.faults.beforeCommand = () => new Promise((resolve) => setTimeout(resolve, 1_000));
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 20 * count }));
    await pass(0.5);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(120);
    delete zone.faults.beforeCommand;
    await pass(120);
    expect(zone.totalW()).toBe(40_000 * count);
    await pass(2_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'cancelled' });
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('or while its meters are read and others are asked: it stays cancelled', async () => {
    const zone = simulatedZone(zoneOf(20).map((one, index) => (index < 2 ? { ...one, habit: 'ignores' } : one)));
    await zone.submit(curtail({ type: 'SHED', priority: 1 }));
    await pass(19);
    // A look that has planned again is kept slowly, and the RESTORE is through by then.
    zone.faults.beforeCheck = () => new Promise((resolve) => setTimeout(resolve, 3_000));
    const { rev } = await zone.plan();
    for (let second = 0; second < 30 && (await zone.plan()).round < 2; second++) await pass(1);
    expect((await zone.plan()).rev).toBeGreaterThan(rev);
    delete zone.faults.beforeCheck;
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(1);
    expect((await zone.signals.load('dr-1'))?.state).toBe('restoring');
    await pass(90);
    expect((await zone.signals.load('dr-1'))?.state).toBe('restoring');
    expect(zone.totalW()).toBe(800_000);
    expect(told(zone).filter((type) => type === 'Planned')).toHaveLength(1);
    await pass(1_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'cancelled' });
  });

  it('and is done before the event has joined the plan: the event leaves it again', async () => {
    const zone = simulatedZone(zoneOf(20));
    // The plan is read slowly, once: the RESTORE is through by then.
    zone.faults.afterPlanRead = () => {
      delete zone.faults.afterPlanRead;
      return new Promise((resolve) => setTimeout(resolve, 5_000));
    };
    await zone.submit(curtail({ type: 'SHED', priority: 1 }));
    await pass(1);
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(120);
    expect(zone.totalW()).toBe(800_000);
    expect((await zone.plan()).signals).toEqual([]);
  });

  it('and is followed by a signal of another site before the limits are lifted: they are lifted with it', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ type: 'SHED', priority: 1, reductionKw: 80, endAt: iso(14_400) }));
    await pass(60);
    // The lifting is throttled for as long as it takes the next signal to change the plan.
    zone.faults.before = (step) => {
      if (step === 'dispatch') throw new Error('Throttled');
    };
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(0.5);
    await zone.submit(atSite('mall', 25, { endAt: iso(600) }));
    await pass(0.5);
    delete zone.faults.before;
    await pass(100);
    expect(zone.limitOf('S000')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('an update that comes while a plan is read slowly', () => {
  /** The plan is read slowly once, the so-manieth time. */
  const slowly = (zone: Zone, reading: number, waitMs: number) => {
    let readings = 0;
    zone.faults.afterPlanRead = async () => {
      readings += 1;
      if (readings === reading) await new Promise((resolve) => setTimeout(resolve, waitMs));
    };
  };
  const shed = (fields: object) => curtail({ type: 'SHED', priority: 1, ...fields });

  it('and postpones the event: its first version, which joins after that, leaves again', async () => {
    const zone = simulatedZone(zoneOf(20));
    slowly(zone, 1, 400);
    await zone.submit(shed({ endAt: iso(3_600) }));
    await pass(0.1);
    await zone.submit(shed({ version: 2, startAt: iso(86_400), endAt: iso(90_000) }));
    await pass(90);
    expect(zone.totalW()).toBe(800_000);
    expect((await zone.plan()).signals).toEqual([]);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'waiting', signal: { version: 2 } });
  });

  it('and extends the event, whose first version is being lifted: it stays in force', async () => {
    const drawnW: number[] = [];
    for (const reading of [1, 2, 3]) {
      vi.setSystemTime(startedAt);
      const zone = simulatedZone(zoneOf(20));
      await zone.submit(shed({ endAt: iso(600) }));
      await pass(599);
      slowly(zone, reading, 1_500);
      await pass(1.2);
      await zone.submit(shed({ version: 2, endAt: iso(3_600) }));
      await pass(300);
      drawnW.push(zone.totalW());
    }
    expect(drawnW).toEqual([600_000, 600_000, 600_000]);
  });
});

describe('a return that does not get through', () => {
  const emergency = curtail({ type: 'SHED', priority: 1, reductionKw: 80, endAt: iso(14_400) });

  it('because a mailbox is full is sent again', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(emergency);
    await pass(60);
    zone.faults.beforeCommand = (stationId) => {
      if (stationId === 'S000') throw new CommandRefused('QueueFull', 'Too many commands wait for this station');
    };
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(2);
    expect(zone.limitOf('S000')).toBe(20_000);
    delete zone.faults.beforeCommand;
    await pass(180);
    expect(zone.limitOf('S000')).toBe(Number.POSITIVE_INFINITY);
    await pass(900);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'cancelled' });
    expect(zone.profiles).toHaveLength(8);
  });

  it('because it is not answered is sent again, also where it is known late', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(emergency);
    await pass(60);
    zone.deaf.add('S000');
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(2);
    zone.deaf.clear();
    for (let elapsedSec = 0; elapsedSec < 300; elapsedSec += 30) {
      await pass(30);
      await zone.wake('S000');
    }
    expect(zone.limitOf('S000')).toBe(Number.POSITIVE_INFINITY);
    await pass(900);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'cancelled' });
  });

  /** Lets time pass, in which commands that nobody answers end. Returns the last second in which a station was limited. */
  const watched = async (zone: Zone, stationId: string, seconds: number): Promise<number> => {
    let lastSec = 0;
    for (let sec = 1; sec <= seconds; sec += 1) {
      await pass(1);
      if (sec % 5 === 0) await zone.wake(stationId);
      if (zone.limitOf(stationId) < 40_000) lastSec = sec;
    }
    return lastSec;
  };

  it('because only its answer got lost limits nobody once more when it is sent again', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(emergency);
    await pass(60);
    zone.mute.add('S000');
    await zone.restore({ signalIds: ['dr-1'] });
    const before = zone.profiles.length;
    expect(await watched(zone, 'S000', 1_200)).toBeLessThanOrEqual(60);
    expect(zone.profiles.slice(before).filter(({ stationId }) => stationId === 'S000').length).toBeGreaterThan(5);
  });

  it('from a station that left the zone ends in time, too, and is not tried until the event is over', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(emergency);
    await pass(300);
    zone.mute.add('S000');
    zone.leave('S000');
    const before = zone.profiles.length;
    expect(await watched(zone, 'S000', 1_200)).toBeLessThanOrEqual(120);
    const sent = () => zone.profiles.slice(before).filter(({ stationId }) => stationId === 'S000').length;
    const tries = sent();
    expect(tries).toBeGreaterThan(5);
    await watched(zone, 'S000', 1_200);
    expect(sent()).toBe(tries);
  });

  it('is not sent again to a station that cannot be commanded any more', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(emergency);
    await pass(60);
    zone.faults.beforeCommand = (stationId) => {
      if (stationId === 'S000') throw new CommandRefused('StationRejected', 'The station is not admitted');
    };
    await zone.restore({ signalIds: ['dr-1'] });
    await pass(1_000);
    expect(zone.taken.filter((step) => step === 'see-returns')).toHaveLength(1);
  });
});

describe('executions that are stopped', () => {
  it('until their event is over let it end as failed, not as one that was carried out', async () => {
    const zone = simulatedZone(zoneOf(4));
    await zone.submit(curtail({ startAt: iso(60), endAt: iso(600) }));
    await pass(5);
    for (const one of zone.executions.values()) one.abort();
    await pass(1_000);
    zone.run('begun anew', { signalId: 'dr-1', version: 1, purpose: 'respond' });
    await pass(1_200);
    expect(zone.profiles).toEqual([]);
    expect((await zone.signals.load('dr-1'))?.outbox).toEqual([
      { type: 'Completed', at: expect.any(Number), as: 'failed', reason: 'It was over before it could begin' },
    ]);
  });

  it.each([
    ['while the event waits for its start', 5, { startAt: iso(60) }],
    ['before the first check', 2, {}],
    ['while it holds', 400, {}],
  ] as const)('%s: one that begins anew carries the event to its end', async (_, stoppedSec, fields) => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail(fields));
    await pass(stoppedSec);
    for (const { abort } of zone.executions.values()) abort();
    await pass(90);
    zone.run('once more', { signalId: 'dr-1', version: 1, purpose: 'respond' });
    await pass(30);
    expect(zone.totalW()).toBe(600_000);
    await pass(4_000);
    expect(zone.totalW()).toBe(800_000);
    expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
    expect(told(zone).filter((type) => type === 'Completed')).toHaveLength(1);
  });

  it.each(['respond', 'restore'] as const)(
    'while the rebound is watched: one that begins anew (%s) ends it, and sends nothing',
    async (purpose) => {
      const zone = simulatedZone(zoneOf(20));
      await zone.submit(curtail({ endAt: iso(600) }));
      await pass(700);
      for (const { abort } of zone.executions.values()) abort();
      const sent = zone.profiles.length;
      zone.run('once more', { signalId: 'dr-1', version: 1, purpose });
      // The rest of the quarter of an hour, not all of it once more.
      await pass(810);
      expect(zone.profiles).toHaveLength(sent);
      expect(zone.totalW()).toBe(800_000);
      expect(await zone.signals.load('dr-1')).toMatchObject({ state: 'ended', endedAs: 'completed' });
      expect(await zone.signals.report('dr-1')).toMatchObject({ endedAs: 'completed' });
    },
  );

  it('are taken up by another one when their signal is delivered again', async () => {
    const zone = simulatedZone(zoneOf(20));
    await zone.submit(curtail({ startAt: iso(60) }));
    await pass(30);
    for (const { abort } of zone.executions.values()) abort();
    await pass(10);
    for (let delivery = 0; delivery < 3; delivery++) await zone.submit(curtail({ startAt: iso(60) }));
    await pass(60);
    expect(zone.totalW()).toBe(600_000);
    expect(zone.executions.size).toBe(2);
  });
});
