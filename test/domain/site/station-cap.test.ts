import { expect, it } from 'vitest';
import { decideSite } from '../../../domain/site/decide-site.ts';
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

it('stays over after it was taken back or has ended, however often and late an older signal about it comes', () => {
  const [set, back] = [cap('S1', 20_000, second(10), second(6_000)), cap('S1', undefined, second(20))];
  const brief = cap('S1', 5_000, second(20), second(60));
  const minutesLater = (state: SiteState, seconds: number): SiteState =>
    decideSite(state, planOf(2), { now: second(seconds), watchingSince: noon }).state;
  const again = (state: SiteState, signal: SiteSignal, seconds: number) =>
    capsAt(minutesLater(foldSite(state, { type: 'signalled', signal }, second(seconds)), seconds), second(seconds));
  expect({
    repeated: again(minutesLater(after(set, back), 300), set, 301),
    late: again(minutesLater(after(back), 300), set, 301),
    afterTheEndOfAnother: again(minutesLater(after(set, brief), 300), set, 301),
    besideAnother: again(after(set, brief, cap('S2', 1, second(70), second(80))), set, 301),
    newer: again(minutesLater(after(set, back), 300), cap('S1', 7_000, second(299)), 301).map(({ limitW }) => limitW),
  }).toEqual({ repeated: [], late: [], afterTheEndOfAnother: [], besideAnother: [], newer: [7_000] });
});

it('leaves of limits that are over an instant for each of the last 400 subjects, and that for a day', () => {
  const instants = Array.from({ length: 450 }, (_, index) => second(index));
  const state = after(...instants.map((at, index) => cap(`S${index}`, undefined, at)));
  const { limits, limitsOver = {} } = state;
  const last = limitsOver['limit of station S449, demand response'];
  expect([limits, Object.keys(limitsOver).length, last]).toEqual([[], 400, second(449)]);
  const dayLater = { now: second(449 + 86_400), watchingSince: noon };
  expect(decideSite(state, planOf(2), dayLater).state.limitsOver).toBeUndefined();
});
