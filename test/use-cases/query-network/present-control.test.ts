import { describe, expect, it } from 'vitest';
import { decideSite } from '../../../domain/site/decide-site.ts';
import { foldSite } from '../../../domain/site/fold-site.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';
import { presentControl } from '../../../use-cases/query-network/present-control.ts';
import { car, configuration, demand, emptySite, noon, planOf, second } from '../../domain/site/given-site.ts';

const plan = planOf(2, { limitW: 60_000 });

/** Two cars of which the site decided, and the first station accepted. */
const decided = (): SiteState => {
  const told = [1, 2].reduce(
    (state, number) =>
      foldSite(
        state,
        { type: 'connector-changed', connector: car(number, { sampledAt: noon, powerW: 10_000 * number }) },
        noon,
      ),
    foldSite(emptySite, { type: 'signalled', signal: demand(50_000, noon, { evPowerW: 30_000 }) }, noon),
  );
  const { state, commands } = decideSite(told, plan, { now: noon, watchingSince: noon - 3_600_000 });
  const [first] = commands;
  if (first === undefined) throw new Error('Nothing was decided');
  const outcome = {
    stationId: first.stationId,
    evseId: 1,
    version: first.version,
    state: 'Accepted' as const,
    at: noon,
  };
  return foldSite(state, { type: 'setpoint-ended', outcome }, noon);
};

describe('how a controlled site is shown', () => {
  it('says what it draws and may draw, and for each car what it has, was asked for and why', () => {
    const state = decided();
    const [first] = state.sessions;
    const shown = presentControl(plan.configuration, plan.stations, state, second(1));
    expect(shown).toMatchObject({
      controlled: true,
      limitW: 60_000,
      demandW: 50_000,
      headroomW: 10_000,
      loadW: 30_000,
      budgetW: 40_000,
      budgetReason: 'budget',
      meter: 'fresh',
      paused: [],
    });
    expect(shown.setpoints.map(({ stationId, ratedW, presentW }) => [stationId, ratedW, presentW])).toEqual([
      ['S1', 50_000, 10_000],
      ['S2', 50_000, 20_000],
    ]);
    expect(shown.setpoints[0]).toMatchObject({
      limitW: first?.accepted?.limitW,
      deviationW: 10_000 - (first?.accepted?.limitW ?? 0),
      reasons: ['budget'],
      isControllable: true,
      isPaused: false,
    });
    expect(shown.setpoints[1]?.askedW).toBe(state.sessions[1]?.inFlight?.limitW);
  });

  it('tells what the site leaves to cars, not only what they can take, and sums without the noise of binary fractions', () => {
    const large = planOf(2, { limitW: 400_000 });
    const told = [1, 2].reduce(
      (state, number) =>
        foldSite(
          state,
          { type: 'connector-changed', connector: car(number, { sampledAt: noon, powerW: number / 10 }) },
          noon,
        ),
      foldSite(emptySite, { type: 'signalled', signal: demand(100_000, noon, { evPowerW: 0 }) }, noon),
    );
    const { state } = decideSite(told, large, { now: noon, watchingSince: noon - 3_600_000 });
    expect(presentControl(large.configuration, large.stations, state, second(1))).toMatchObject({
      budgetW: 300_000,
      loadW: 0.3,
    });
  });

  it('shows no limit that has run out', () => {
    const later = second(13 * 3_600);
    const shown = presentControl(plan.configuration, plan.stations, decided(), later);
    expect(shown.setpoints.map(({ limitW, deviationW }) => [limitW, deviationW])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('has a limit and no cars before anything was heard of it', () => {
    expect(presentControl(configuration({ limitW: 80_000 }), [], undefined, noon)).toMatchObject({
      limitW: 80_000,
      headroomW: 80_000,
      setpoints: [],
      paused: [],
    });
  });
});
