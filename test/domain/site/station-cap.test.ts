import { expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { siteProblem } from '../../../domain/site/site-problem.ts';
import type { SiteSignal } from '../../../domain/site/site-signal.ts';
import { blankSite, type SiteState } from '../../../domain/site/site-state.ts';
import { car, noon, planOf, second } from './given-site.ts';

const cap = (stationId: string, limit: number | undefined, at = noon, to = second(600)): SiteSignal => ({
  type: 'SiteLimitSet',
  siteId: 'depot',
  at,
  receivedAt: at,
  by: 'demand response',
  scope: { kind: 'station', stationId },
  from: at,
  to,
  ...(limit !== undefined && { limit }),
});

const after = (...signals: readonly SiteSignal[]): SiteState => {
  const withCars = [1, 2].reduce(
    (state, number) => foldSite(state, { type: 'connector-changed', connector: car(number) }, noon),
    blankSite('depot', noon),
  );
  return signals.reduce((state, signal) => foldSite(state, { type: 'signalled', signal }, signal.at), withCars);
};

const capsAt = (state: SiteState, at: number) =>
  (siteProblem(state, planOf(2), at).circuits ?? []).filter(({ kind }) => kind === 'dr-cap');

it('limits the sessions of a station to what an event leaves it, until it is over or taken back', () => {
  const state = after(cap('S1', 20_000));
  expect(capsAt(state, second(1))).toEqual([{ id: 'S1', kind: 'dr-cap', limitW: 20_000, members: ['S1/1'] }]);
  expect(capsAt(state, second(601))).toEqual([]);
  expect(capsAt(after(cap('S1', 20_000), cap('S1', undefined, second(60))), second(61))).toEqual([]);
});

it('keeps caps of stations apart, and those that are over no longer', () => {
  const state = after(cap('S1', 20_000, noon, second(10)), cap('S2', 5_000, second(30)));
  expect(capsAt(state, second(31)).map(({ id }) => id)).toEqual(['S2']);
  expect(state.limits).toHaveLength(1);
});
