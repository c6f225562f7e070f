import { expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { signalledLimit, siteLimitW } from '../../../domain/site/limits-now.ts';
import type { SiteLimitSet } from '../../../domain/site/site-signal.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';
import { standingLimits } from '../../../domain/site/standing-limits.ts';
import { emptySite, limited, noon, planOf, second } from './given-site.ts';

const plan = planOf(1, { limitW: 100_000 });
const of = (by: string, limit: number, seconds: number, patch: Partial<SiteLimitSet> = {}) =>
  limited(limit, second(seconds), { by, ...patch });
const back = (by: string, seconds: number, patch: Partial<SiteLimitSet> = {}): SiteLimitSet => ({
  type: 'SiteLimitSet',
  siteId: 'depot',
  at: second(seconds),
  receivedAt: second(seconds),
  by,
  scope: { kind: 'site' },
  from: second(seconds),
  ...patch,
});
const told = (state: SiteState, ...signals: readonly ReturnType<typeof limited>[]): SiteState =>
  signals.reduce((next, signal) => foldSite(next, { type: 'signalled', signal }, signal.receivedAt), state);
const limitAt = (state: SiteState, seconds: number): number => siteLimitW(state, plan, second(seconds));

it('limits of the grid operator, the building and operators hold beside each other, and each ends only its own', () => {
  const grid = of('openadr', 30_000, 0);
  const all = told(emptySite, grid, of('site:depot', 80_000, 60), of('olga', 50_000, 70, { source: 'operators' }));
  const lower = told(all, of('site:depot', 20_000, 80));
  const without = told(lower, back('openadr', 90), back('site:depot', 100));
  expect([all, lower, without].map((state) => limitAt(state, 120))).toEqual([30_000, 20_000, 50_000]);
});

it('a sender whose clock is ahead keeps nobody else from setting a limit', () => {
  const ahead = of('site:depot', 80_000, 240, { receivedAt: noon });
  expect(limitAt(told(emptySite, ahead, of('openadr', 10_000, 60)), 61)).toBe(10_000);
});

it('the limit of one operator is replaced by another one, at the command line or in an app', () => {
  const states = [
    told(emptySite, of('command line: olga', 20_000, 0), of('maria', 40_000, 10, { source: 'operators' })),
    told(emptySite, of('maria', 20_000, 0, { source: 'operators' }), of('command line: olga', 40_000, 10)),
    told(emptySite, of('maria', 20_000, 0, { source: 'operators' }), back('command line: olga', 10)),
  ];
  expect(states.map((state) => limitAt(state, 20))).toEqual([40_000, 40_000, 100_000]);
});

it('the limit an operator set for a station outlasts a demand-response event that leaves it more', () => {
  const scope = { kind: 'station', stationId: 'S1' } as const;
  const cap = of('demand response', 30_000, 10, { scope, to: second(60) });
  const during = told(emptySite, of('olga', 5_000, 0, { scope, source: 'operators' }), cap);
  const after = told(during, back('demand response', 40, { scope }));
  expect([during, after].map(({ limits }) => signalledLimit(limits, scope, second(50)))).toEqual([5_000, 5_000]);
});

it('what an earlier version kept without a source is replaced by whoever said it, a person by any operator', () => {
  const kept: SiteState = {
    ...emptySite,
    limits: [
      { ...back('olga', 0), limit: 10_000 },
      { ...back('openadr', 0), limit: 20_000, scope: { kind: 'station', stationId: 'S1' } },
    ],
    limitsOver: { 'limit of phases': second(0) },
  };
  const next = told(
    kept,
    back('maria', 10, { source: 'operators' }),
    back('openadr', 10, { scope: { kind: 'station', stationId: 'S1' } }),
    of('openadr', 16, -1, { scope: { kind: 'phases' } }),
  );
  expect(next.limits).toEqual([]);
});

const ahead = (limit: number, seconds: number, from: number, to?: number) =>
  of('site:depot', limit, seconds, { from: second(from), ...(to !== undefined && { to: second(to) }) });

it('a limit that is announced takes over when it begins, and until then the one before holds', () => {
  const now = ahead(20_000, 0, 0);
  const later = ahead(50_000, 60, 600, 900);
  const backLater = back('site:depot', 70, { from: second(600) });
  const course = (...signals: readonly ReturnType<typeof limited>[]) =>
    [61, 599, 600, 899, 900].map((at) => limitAt(told(emptySite, ...signals), at) / 1_000);
  expect([
    course(now, later),
    course(later, now),
    course(now, ahead(10_000, 30, 500), later),
    course(now, later, back('site:depot', 65)),
    course(now, backLater),
    course(backLater, now),
  ]).toEqual([
    [20, 20, 50, 50, 100],
    [20, 20, 50, 50, 100],
    [20, 10, 50, 50, 100],
    [100, 100, 100, 100, 100],
    [20, 20, 100, 100, 100],
    [20, 20, 100, 100, 100],
  ]);
});

it('limits that are announced with one time hold one after the other, in whichever order they come', () => {
  const plan = [0, 300, 600].map((from, index) => ahead(10_000 * (index + 1), 0, from, from + 300));
  const course = (signals: readonly ReturnType<typeof limited>[]) => {
    const state = told(emptySite, ...signals, ...signals);
    const passed = { ...state, ...standingLimits(state, second(650)) };
    return [1, 299, 300, 599, 600, 899, 900].map((at) => limitAt(at < 650 ? state : passed, at) / 1_000);
  };
  const expected = [10, 10, 20, 20, 30, 30, 100];
  expect([course(plan), course(plan.toReversed())]).toEqual([expected, expected]);
});

it('limits that are announced with the time of a limit that is over, or was taken back, hold', () => {
  const plan = [back('site:depot', 60), ahead(10_000, 60, 300, 400), ahead(20_000, 60, 500)];
  const orders = [plan, plan.toReversed(), [...plan, ...plan]];
  const course = (order: readonly ReturnType<typeof limited>[]) =>
    [61, 299, 300, 400, 500].map((at) => limitAt(told(emptySite, ahead(30_000, 0, 0), ...order), at) / 1_000);
  expect(orders.map(course)).toEqual(orders.map(() => [100, 100, 10, 100, 20]));
});

it('limits that were announced are the same in any order and however often they come, also once some are over', () => {
  const signals = [
    ahead(20_000, 0, 0),
    ahead(30_000, 10, 300, 500),
    ahead(40_000, 20, 400),
    ahead(5_000, 30, 450, 460),
    back('site:depot', 40, { from: second(700) }),
  ];
  const orders = signals.flatMap((first) => [
    [first, ...signals],
    [...signals, first],
    [...signals.filter((signal) => signal !== first), first],
    [first, ...signals.toReversed()],
  ]);
  const course = (order: readonly ReturnType<typeof limited>[]) => {
    const state = told(emptySite, ...order);
    const passed = standingLimits(state, second(455));
    const repeated = told({ ...emptySite, ...passed }, ...order);
    const again = { ...repeated, ...standingLimits(repeated, second(456)) };
    return [
      [50, 350, 405, 455, 465, 699, 700].map((at) => limitAt(state, at) / 1_000),
      [again.limits, limitAt(again, 458), limitAt(again, 461), limitAt(again, 701)],
    ];
  };
  const expected = [
    [20, 30, 40, 5, 100, 100, 100],
    [[signals[3], signals[4]], 5_000, 100_000, 100_000],
  ];
  expect(orders.map(course)).toEqual(orders.map(() => expected));
});

it('keeps at most 48 announced limits of a sender, those that begin first', () => {
  const signals = Array.from({ length: 60 }, (_, hour) => ahead(1_000 * (hour + 1), hour, 3_600 * (hour + 1)));
  expect(told(emptySite, ...signals).limits).toEqual(signals.slice(0, 48));
});
