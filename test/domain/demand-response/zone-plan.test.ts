import { describe, expect, it } from 'vitest';
import { isOwed } from '../../../domain/demand-response/is-owed.ts';
import { readSignal } from '../../../domain/demand-response/read-signal.ts';
import {
  baselineOnJoiningW,
  emptyPlan,
  endFor,
  joined,
  left,
  reductionsOf,
  withMembers,
  type ZonePlan,
} from '../../../domain/demand-response/zone-plan.ts';
import type { ZoneStation } from '../../../domain/demand-response/zone-station.ts';

const at = Date.parse('2026-07-01T17:00:00Z');
const minutes = (count: number): number => at + count * 60_000;

const station = (stationId: string, loadW = 40_000): ZoneStation => ({
  stationId,
  siteId: 'depot',
  loadW,
  floorW: 0,
  minimumW: 0,
  ratedW: 50_000,
  supply: { current: 'DC', voltageV: 230, phases: 3 },
  transactions: [],
  connectorKeys: ['1#1'],
});

const signal = (signalId: string, reductionKw: number, endAt: number) =>
  readSignal(
    { signalId, type: 'CURTAIL', zoneId: 'north', reductionKw, endAt: new Date(endAt).toISOString() },
    { receivedAt: at, by: 'me' },
  );

const idsOf = ({ stations }: ZonePlan) => stations.map(({ stationId }) => stationId);
const sent = (plan: ZonePlan): ZonePlan => ({
  ...plan,
  stations: plan.stations.map((one) => ({
    ...one,
    sent: { capW: one.capW, endAt: minutes(60), answer: 'accepted', at: minutes(0) },
  })),
});
const threeStations = ['A', 'B', 'C'].map((id) => station(id));
const running = sent(joined(emptyPlan('north'), signal('dr', 60, minutes(60)), threeStations, at));

describe('a signal that comes to a zone in which nothing is asked any more', () => {
  const over = left(running, { signalId: 'dr', version: 1 }, minutes(5));
  const owedOf = (plan: ZonePlan) => plan.stations.map((one) => [one.stationId, isOwed(plan, one)]);

  it('leaves who still holds a limit its return, also who has left the zone', () => {
    const atMall = { ...station('D'), siteId: 'mall' };
    const asked = readSignal(
      {
        signalId: 'mall',
        type: 'CURTAIL',
        siteId: 'mall',
        curtailmentPct: 10,
        endAt: new Date(minutes(90)).toISOString(),
      },
      { receivedAt: at, by: 'me' },
    );
    expect(owedOf(joined(over, asked, [station('A'), station('B'), atMall], minutes(6)))).toEqual([
      ['A', true],
      ['B', true],
      ['D', true],
      ['C', true],
    ]);
  });

  it('knows nothing of limits that are over', () => {
    const plan = joined(over, signal('dr-2', 60, minutes(120)), threeStations, minutes(60));
    expect(plan.stations.map((one) => one.sent)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a station that leaves its zone during an event', () => {
  const left = withMembers(running, new Set(['A', 'B']), [], minutes(5));

  it('is asked for nothing any more, and the others for what it gave', () => {
    expect(left.stations.map(({ stationId, shedW }) => [stationId, shedW])).toEqual([
      ['A', 30_000],
      ['B', 30_000],
      ['C', 0],
    ]);
  });

  it('is sent its return once, and forgotten then', () => {
    expect(left.stations.map((one) => isOwed(left, one))).toEqual([true, true, true]);
    const lifted = {
      ...left,
      stations: left.stations.map((one) => ({
        ...one,
        sent: { capW: one.capW, endAt: one.hasLeft ? left.decidedAt : minutes(60), answer: 'sent' as const, at: 0 },
      })),
    };
    expect(lifted.stations.map((one) => isOwed(lifted, one))).toEqual([false, false, false]);
    expect(idsOf(withMembers(lifted, new Set(['A', 'B']), [], minutes(6)))).toEqual(['A', 'B']);
  });

  it('has its baseline again when it comes back', () => {
    const back = withMembers(left, new Set(['A', 'B', 'C']), [], minutes(6));
    expect(back.stations.map(({ stationId, baselineW, shedW }) => [stationId, baselineW, shedW])).toEqual([
      ['A', 40_000, 20_000],
      ['B', 40_000, 20_000],
      ['C', 40_000, 20_000],
    ]);
  });

  it('keeps its limit to be lifted when another signal joins', () => {
    const plan = joined(running, signal('dr-2', 70, minutes(30)), threeStations.slice(0, 2), minutes(5));
    expect(plan.stations.map(({ stationId, hasLeft }) => [stationId, hasLeft])).toEqual([
      ['A', undefined],
      ['B', undefined],
      ['C', true],
    ]);
  });

  it('changes nothing where nobody came or went', () => {
    expect(withMembers(running, new Set(['A', 'B', 'C']), [], minutes(5))).toBe(running);
  });
});

describe('a station that was idle when an event began', () => {
  const idle = { ...station('IDLE', 0), minimumW: 5_000 };
  const capOf = (fields: object) => {
    const asked = { ...signal('dr', 20, minutes(60)), ...fields };
    return joined(emptyPlan('north'), asked, [station('A'), idle], at).stations.find(
      ({ stationId }) => stationId === 'IDLE',
    )?.capW;
  };

  it('keeps the minimum of its connectors for drivers who arrive, and nothing in an emergency', () => {
    expect([capOf({}), capOf({ priority: 1 }), capOf({ type: 'SHED' })]).toEqual([5_000, 0, 0]);
  });
});

describe('a station of a site that is opted out', () => {
  const out = { isOptedOut: true, comfortW: 50_000, minimumW: 5_000 } as const;
  const now = [station('A'), { ...station('BUSY'), ...out }, { ...station('IDLE', 0), ...out, comfortW: 0 }];
  const planOf = (fields: object) =>
    joined(emptyPlan('north'), { ...signal('dr', 10, minutes(60)), ...fields }, now, at);
  const capsOf = (plan: ZonePlan) => plan.stations.map((one) => [one.capW, isOwed(plan, one)]);

  it('is not limited in an event of priority 3, whether or not a car charges there', () => {
    expect(capsOf(planOf({ priority: 3 }))).toEqual([
      [30_000, true],
      [50_000, false],
      [50_000, false],
    ]);
  });

  it('gives its part in every other', () => {
    const others = [
      [35_000, true],
      [35_000, true],
    ];
    expect(capsOf(planOf({ priority: 2 }))).toEqual([...others, [5_000, true]]);
    expect(capsOf(planOf({ priority: 3, type: 'SHED' }))).toEqual([...others, [0, true]]);
  });

  it('returns from another event while one of priority 3 goes on', () => {
    const both = joined(planOf({ priority: 3 }), signal('dr-2', 20, minutes(30)), now, minutes(1));
    const after = left(sent(both), { signalId: 'dr-2', version: 1 }, minutes(5));
    expect(after.stations.map((one) => [one.capW, endFor(after, one)])).toEqual([
      [30_000, minutes(60)],
      [50_000, undefined],
      [50_000, undefined],
    ]);
    expect(after.stations.map((one) => isOwed(after, one))).toEqual([false, true, true]);
  });

  it('returns from an update to priority 3, also where its limit is still being sent', () => {
    const update = { ...signal('dr', 10, minutes(60)), version: 2, priority: 3 } as const;
    for (const before of [planOf({ priority: 2 }), sent(planOf({ priority: 2 }))]) {
      const after = joined(before, update, now, minutes(1));
      expect(after.stations.map((one) => [endFor(after, one), isOwed(after, one)])).toEqual([
        [minutes(60), true],
        [undefined, true],
        [undefined, true],
      ]);
    }
    const unlimited = joined(planOf({ priority: 3 }), update, now, minutes(1));
    expect(unlimited.stations.map((one) => isOwed(unlimited, one))).toEqual([true, false, false]);
  });
});

describe('a station of which nothing was known when an event began', () => {
  const silent = { ...station('X'), loadW: undefined, minimumW: 5_000 };
  const planOf = (fields: object, before = emptyPlan('north'), now: readonly ZoneStation[] = [station('A'), silent]) =>
    joined(before, { ...signal('dr', 10, minutes(60)), ...fields }, now, at);
  const asked = (plan: ZonePlan) => plan.stations.map((one) => [one.stationId, one.shedW, isOwed(plan, one)]);

  it.each([{}, { priority: 3 }, { priority: 1 }, { type: 'SHED' }] as const)('is sent nothing %o', (fields) => {
    const plan = planOf(fields);
    expect(asked(plan)).toEqual([
      ['A', 10_000, true],
      ['X', 0, false],
    ]);
    expect(plan.stations[1]).toMatchObject({ capW: 50_000, isUnknown: true });
  });

  it('is owed the return of what it was sent before', () => {
    const plan = planOf({});
    const sent = { capW: 5_000, endAt: minutes(60), answer: 'accepted', at } as const;
    const stations = plan.stations.map((one) => ({ ...one, sent }));
    expect(stations.map((one) => [one.stationId, isOwed({ ...plan, stations }, one)])).toEqual([
      ['A', true],
      ['X', true],
    ]);
  });

  it('takes part from the next signal on, if it is known then', () => {
    const plan = planOf({ signalId: 'dr-2', reductionW: 40_000 }, planOf({}), [station('A'), station('X')]);
    expect(asked(plan)).toEqual([
      ['A', 20_000, true],
      ['X', 20_000, true],
    ]);
  });
});

describe('a share of a site', () => {
  it.each([
    ['of what its chargers draw', {}, 60_000],
    ['of a baseline that was told', { baselineKw: 200 }, 100_000],
    ['at most what its chargers draw', { baselineKw: 1_000 }, 120_000],
  ])('is %s', (_, fields, targetW) => {
    const asked = readSignal(
      { signalId: 'site', type: 'SHED', siteId: 'depot', curtailmentPct: 50, endAt: '2026-07-01T18:00:00Z', ...fields },
      { receivedAt: at, by: 'me' },
    );
    expect(joined(emptyPlan('north'), asked, threeStations, at).signals).toMatchObject([{ targetW }]);
  });
});

describe('what stations draw more than when they were frozen', () => {
  it('comes on top of what is asked, once: not of what is sold apart', () => {
    const two = joined(running, { ...signal('extra', 10, minutes(60)), isAdditive: true }, threeStations, minutes(5));
    const stations = two.stations.map((one) => (one.stationId === 'A' ? { ...one, excessW: 4_000 } : one));
    expect(reductionsOf({ ...two, stations }).map(({ id, targetW }) => [id, targetW])).toEqual([
      ['dr', 64_000],
      ['extra', 10_000],
    ]);
  });

  it('is not made up for twice where what is asked of the zone is sold apart, and a site in it is asked, too', () => {
    const atMall = { ...station('M'), siteId: 'mall' };
    const site = readSignal(
      { signalId: 'mall', type: 'CURTAIL', siteId: 'mall', curtailmentPct: 10, endAt: '2026-07-01T18:00:00Z' },
      { receivedAt: at, by: 'me' },
    );
    const apart = { ...signal('extra', 10, minutes(60)), isAdditive: true };
    const plan = joined(
      joined(emptyPlan('north'), site, [station('A'), atMall], at),
      apart,
      [station('A'), atMall],
      at,
    );
    const stations = plan.stations.map((one) => ({ ...one, excessW: one.siteId === 'mall' ? 4_000 : 3_000 }));
    expect(reductionsOf({ ...plan, stations }).map(({ id, targetW }) => [id, targetW])).toEqual([
      ['mall', 8_000],
      ['extra', 13_000],
    ]);
  });
});

describe('a signal that is taken out of its plan', () => {
  const planned = joined(emptyPlan('north'), signal('dr', 60, minutes(60)), threeStations, at);

  it('leaves a return owed to stations it concerned, whether or not they are known to have been sent their caps', () => {
    for (const plan of [planned, running]) {
      const after = left(plan, { signalId: 'dr', version: 1 }, minutes(5));
      expect(after.stations.map((one) => isOwed(after, one))).toEqual([true, true, true]);
    }
  });

  it('leaves their caps owed to those whom others ask, if they were not sent any yet', () => {
    const nested = joined(planned, signal('smaller', 30, minutes(30)), threeStations, minutes(1));
    const after = left(nested, { signalId: 'smaller', version: 1 }, minutes(2));
    expect(after.stations.map((one) => isOwed(after, one))).toEqual([true, true, true]);
  });

  it('stays in a newer version that joined meanwhile', () => {
    const updated = joined(planned, { ...signal('dr', 30, minutes(60)), version: 2 }, threeStations, minutes(1));
    expect(left(updated, { signalId: 'dr', version: 1 }, minutes(5))).toBe(updated);
    expect(left(updated, { signalId: 'dr', version: 2 }, minutes(5)).signals).toEqual([]);
  });

  it('leaves nothing owed to those it did not concern, nor after its end', () => {
    const elsewhere = { ...station('D'), siteId: 'mall' };
    const atDepot = readSignal(
      { signalId: 'site', type: 'CURTAIL', siteId: 'depot', curtailmentPct: 10, endAt: '2026-07-01T18:00:00Z' },
      { receivedAt: at, by: 'me' },
    );
    const plan = joined(emptyPlan('north'), atDepot, [...threeStations, elsewhere], at);
    const early = left(plan, { signalId: 'site', version: 1 }, minutes(5));
    expect(early.stations.map((one) => isOwed(early, one))).toEqual([true, true, true, false]);
    const late = left(plan, { signalId: 'site', version: 1 }, minutes(60));
    expect(late.stations.map((one) => isOwed(late, one))).toEqual([false, false, false, false]);
  });
});

describe('a signal of a zone while another asks one site of it', () => {
  const [mallAt, zoneAt] = [minutes(-900), at];
  const mall = readSignal(
    {
      signalId: 'mall',
      type: 'CURTAIL',
      siteId: 'mall',
      curtailmentPct: 10,
      endAt: new Date(minutes(90)).toISOString(),
    },
    { receivedAt: mallAt, by: 'me' },
  );
  const atMall = (loadW: number): ZoneStation => ({ ...station('M', loadW), siteId: 'mall' });
  const plan = joined(emptyPlan('north'), mall, [station('A', 0), atMall(30_000)], mallAt);
  const now = [station('A', 40_000), atMall(27_000)];

  it('is held against what the stations draw that were not asked yet, and the frozen baseline of those that were', () => {
    const both = joined(plan, signal('dr', 20, minutes(60)), now, zoneAt);
    expect(both.stations.map(({ stationId, baselineW, capW }) => [stationId, baselineW, capW])).toEqual([
      ['A', 40_000, 28_570],
      ['M', 30_000, 21_430],
    ]);
    expect(baselineOnJoiningW(plan, now, zoneAt)).toBe(70_000);
  });
});

describe('a signal that joins after another is over', () => {
  const halfDrawn = threeStations.map((one) => ({ ...one, loadW: 20_000 }));
  const baselinesOf = (before: ZonePlan, instant: number) =>
    joined(before, signal('dr-2', 30, minutes(180)), halfDrawn, instant).stations.map(({ baselineW }) => baselineW);

  it('keeps the baselines while stations return, and samples may be from then: ten minutes, the ramp and two minutes', () => {
    expect(baselinesOf(running, minutes(60))).toEqual([40_000, 40_000, 40_000]);
    expect(baselinesOf(running, minutes(73) - 1)).toEqual([40_000, 40_000, 40_000]);
    expect(baselinesOf(running, minutes(73))).toEqual([20_000, 20_000, 20_000]);
  });

  it('keeps them for longer where samples may be older', () => {
    const joinedAt = (instant: number) =>
      joined(running, signal('dr-2', 30, minutes(180)), halfDrawn, instant, 360_000).stations[0]?.baselineW;
    expect([joinedAt(minutes(77) - 1), joinedAt(minutes(77))]).toEqual([40_000, 20_000]);
    const loadAt = (instant: number) => baselineOnJoiningW(running, halfDrawn, instant, 360_000);
    expect([loadAt(minutes(77) - 1), loadAt(minutes(77))]).toEqual([120_000, 60_000]);
  });

  it('keeps them for three minutes after an emergency, which has no delay', () => {
    const stations = running.stations.map((one) => ({
      ...one,
      ...(one.sent && { sent: { ...one.sent, isEmergency: true } }),
    }));
    expect(baselinesOf({ ...running, stations }, minutes(63) - 1)).toEqual([40_000, 40_000, 40_000]);
    expect(baselinesOf({ ...running, stations }, minutes(63))).toEqual([20_000, 20_000, 20_000]);
  });

  it('keeps them after an early end, from the return on', () => {
    const cancelled = left(running, { signalId: 'dr', version: 1 }, minutes(5));
    const stations = cancelled.stations.map((one) => ({
      ...one,
      ...(one.sent && { sent: { ...one.sent, endAt: minutes(5), heldUntil: minutes(60) } }),
    }));
    expect(baselinesOf({ ...cancelled, stations }, minutes(18) - 1)).toEqual([40_000, 40_000, 40_000]);
    expect(baselinesOf({ ...cancelled, stations }, minutes(18))).toEqual([20_000, 20_000, 20_000]);
  });

  it('keeps them, too, where one of another site came in between', () => {
    const atMall = { ...station('M'), siteId: 'mall' };
    const mall = readSignal(
      {
        signalId: 'mall',
        type: 'SHED',
        siteId: 'mall',
        curtailmentPct: 10,
        endAt: new Date(minutes(90)).toISOString(),
      },
      { receivedAt: at, by: 'me' },
    );
    const between = joined(running, mall, [...halfDrawn, atMall], minutes(61));
    expect(between.stations.map((one) => isOwed(between, one))).toEqual([false, false, false, true]);
    expect(baselinesOf(between, minutes(73) - 1).slice(0, 3)).toEqual([40_000, 40_000, 40_000]);
    expect(baselinesOf(between, minutes(73)).slice(0, 3)).toEqual([20_000, 20_000, 20_000]);
  });

  it('finds the other gone from its last instant on', () => {
    const joinedAt = (instant: number) =>
      joined(running, signal('dr-2', 30, minutes(120)), threeStations, instant).signals.map(({ signalId }) => signalId);
    expect(joinedAt(minutes(60) - 1)).toEqual(['dr', 'dr-2']);
    expect(joinedAt(minutes(60))).toEqual(['dr-2']);
  });

  it('freezes what is drawn now, although nobody took the other one out', () => {
    const now = threeStations.map((one) => ({ ...one, loadW: 20_000 }));
    const plan = joined(running, signal('dr-2', 30, minutes(120)), now, minutes(90));
    expect(plan.signals.map(({ signalId }) => signalId)).toEqual(['dr-2']);
    expect(plan.stations.map(({ baselineW, shedW }) => [baselineW, shedW])).toEqual([
      [20_000, 10_000],
      [20_000, 10_000],
      [20_000, 10_000],
    ]);
  });
});
