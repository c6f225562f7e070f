import { expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { signalledLimit, siteLimitW } from '../../../domain/site/limits-now.ts';
import type { SiteLimitSet } from '../../../domain/site/site-signal.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';
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
