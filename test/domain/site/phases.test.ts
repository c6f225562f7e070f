import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { electricsOf, type PhaseRotation } from '../../../domain/registry/electrics.ts';
import { decideSite } from '../../../domain/site/decide-site.ts';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { committedW } from '../../../domain/site/session-limits.ts';
import type { SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import type { PhaseSwitching, SitePlan } from '../../../domain/site/site-plan.ts';
import { siteProblem } from '../../../domain/site/site-problem.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';
import { registration } from '../../fakes/registration.ts';
import { car, configuration, demand, emptySite, noon, second } from './given-site.ts';

const outlet = { connectorType: 'Type2', ratedW: 22_080 };
/** Stations S1, S2, ... with one outlet of 22 kW each, on three phases of 32 A. */
const planWith = (
  rotations: readonly PhaseRotation[],
  patch: Partial<SiteConfiguration> = {},
  phaseSwitching?: PhaseSwitching,
): SitePlan => ({
  configuration: configuration({ meter: 'none', phases: { voltageV: 230, limitA: 32 }, ...patch }),
  stations: rotations.map((phaseRotation, index) => ({
    ...registration({
      stationId: `S${index + 1}`,
      siteId: 'depot',
      connectors: [{ evseId: 1, connectorId: 1, ...outlet, electrics: electricsOf(outlet, { phaseRotation }) }],
    }),
    ...(phaseSwitching && { phaseSwitching }),
  })),
});

const told = (state: SiteState, connector: SiteConnector, at = noon): SiteState =>
  foldSite(state, { type: 'connector-changed', connector }, at);
const cars = (count: number, session: Partial<NonNullable<SiteConnector['session']>> = {}): SiteState =>
  Array.from({ length: count }, (_, index) => car(index + 1, session, { fallbackW: 0 })).reduce(
    (state, connector) => told(state, connector),
    foldSite(emptySite, { type: 'signalled', signal: demand(0) }, noon),
  );
const decided = (state: SiteState, plan: SitePlan, at: number) =>
  decideSite(state, plan, { now: at, watchingSince: noon - 60 * MINUTE_MS });
/** What is asked for, and the site after its stations have accepted it. */
const settled = (state: SiteState, plan: SitePlan, at: number) => {
  const { state: asked, commands } = decided(state, plan, at);
  const next = commands.reduce(
    (folded, { stationId, evseId, version }) =>
      foldSite(folded, { type: 'setpoint-ended', outcome: { stationId, evseId, version, state: 'Accepted', at } }, at),
    asked,
  );
  const told = commands.map(({ stationId, limitW, phases, phaseToUse }) => [
    stationId,
    Math.round(limitW),
    phases,
    phaseToUse,
  ]);
  return { next, commands: told };
};

describe('a car with one phase at an outlet with three', () => {
  const onePhase = { conductors: [1] as const, powerW: 3_680, sampledAt: noon };

  it('counts on the phase its outlet connects it to, between six amperes and its rating on one phase', () => {
    const { sessions } = siteProblem(cars(2, onePhase), planWith(['RST', 'STR']), noon);
    expect(sessions.map(({ minW, upperBounds: [{ powerW }], phases, stepW }) => [minW, powerW, phases, stepW])).toEqual(
      [
        [1_380, 7_360, ['L1'], 23],
        [1_380, 7_360, ['L2'], 23],
      ],
    );
  });

  it('gets the whole of its phase beside others on theirs, and is told its limit for one phase', () => {
    const plan = planWith(['RST', 'STR', 'TRS']);
    expect(settled(cars(3, onePhase), plan, second(1)).commands).toEqual([
      ['S1', 7_360, 1, undefined],
      ['S2', 7_360, 1, undefined],
      ['S3', 7_360, 1, undefined],
    ]);
    const same = planWith(['RST', 'RST', 'RST']);
    expect(settled(cars(3, onePhase), same, second(1)).commands).toEqual([
      ['S1', 2_461, 1, undefined],
      ['S2', 2_461, 1, undefined],
      ['S3', 2_438, 1, undefined],
    ]);
  });

  it('counts with all it can draw at once when it turns out to use three, and is lowered', () => {
    const plan = planWith(['RST']);
    const { next } = settled(cars(1, onePhase), plan, second(1));
    const session = { powerW: 15_000, sampledAt: second(61) };
    const turned = told(next, car(1, session, { rev: 2, fallbackW: 0 }), second(61));
    const commit = (state: SiteState, at: number) => state.sessions.map((one) => committedW(plan, one, at));
    expect([commit(next, second(2)), commit(turned, second(61))]).toEqual([[7_360], [22_080]]);
    const limited = planWith(['RST'], { limitW: 10_000 });
    expect(settled(turned, limited, second(62)).commands).toEqual([['S1', 9_936, undefined, undefined]]);
  });

  it('is not found in a reading under a limit for one phase, nor in one from before the station could follow', () => {
    const plan = planWith(['RST'], { limitW: 3_000 }, 'any-phase');
    const { next } = settled(cars(1), plan, second(1));
    const reading = { ...onePhase, sampledAt: second(61) };
    const read = told(next, car(1, reading, { rev: 2, fallbackW: 0 }), second(61));
    expect(read.sessions[0]?.conductors).toBeUndefined();
    const all = settled(cars(1), planWith(['RST']), second(1)).next;
    const early = told(all, car(1, { ...onePhase, sampledAt: second(10) }, { rev: 2 }), second(10));
    const late = told(all, car(1, { ...onePhase, sampledAt: second(61) }, { rev: 2 }), second(61));
    expect([early, late].map(({ sessions }) => sessions[0]?.conductors)).toEqual([undefined, [1]]);
  });
});

describe('a station that can switch a car to one phase', () => {
  const poor = { limitW: 3_000 };

  it('is asked to where the minimum on three phases does not fit, for the phase that carries least', () => {
    const plan = planWith(['STR'], poor, 'any-phase');
    expect(settled(cars(1), plan, second(1)).commands).toEqual([['S1', 2_990, 1, 1]]);
    const loaded = foldSite(
      cars(1),
      { type: 'signalled', signal: demand(0, second(1), { currentA: { L1: 3, L2: 9, L3: 1 }, evPowerW: 0 }) },
      second(1),
    );
    const metered = planWith(['STR'], { ...poor, meter: 'grid' }, 'any-phase');
    // The conductors of STR hang on L2, L3 and L1.
    expect(settled(loaded, metered, second(1)).commands).toEqual([['S1', 2_990, 1, 2]]);
  });

  it('is told no phase where it can only go to the first, and is paused where it cannot switch', () => {
    expect([
      settled(cars(1), planWith(['RST'], poor, 'first-phase'), second(1)).commands,
      settled(cars(1), planWith(['RST'], poor), second(1)).commands,
    ]).toEqual([[['S1', 2_990, 1, undefined]], []]);
  });

  it('goes back to three phases a quarter of an hour later at the earliest', () => {
    const [narrow, wide] = [planWith(['RST'], poor, 'any-phase'), planWith(['RST'], {}, 'any-phase')];
    const { next } = settled(cars(1), narrow, second(1));
    const early = settled(next, wide, second(300));
    expect(early.commands).toEqual([['S1', 7_360, 1, 1]]);
    expect(settled(early.next, wide, second(1 + 15 * 60)).commands).toEqual([['S1', 22_080, undefined, undefined]]);
  });

  it('keeps the room on the phases it leaves until it has accepted', () => {
    const plan = planWith(['RST'], {}, 'any-phase');
    const { next } = settled(cars(1), plan, second(1));
    const narrow = planWith(['RST'], poor, 'any-phase');
    const { state } = decided(next, narrow, second(120));
    expect(state.sessions[0]?.inFlight?.phases).toEqual(['L1']);
    // 22,080 W are 32 A on each phase; all of them count on L1 already.
    expect(siteProblem(state, narrow, second(121)).phases?.otherA).toEqual({ L1: 0, L2: 32, L3: 32 });
    const { next: after } = settled(next, narrow, second(120));
    expect(siteProblem(after, narrow, second(121)).phases?.otherA).toEqual({ L1: 0, L2: 0, L3: 0 });
  });
});

describe('a car on one phase that takes no orders any more', () => {
  const wide = planWith(['RST', 'RST'], {}, 'any-phase');
  const poor = planWith(['RST', 'RST'], { limitW: 3_000 }, 'any-phase');
  const offline = (state: SiteState, at: number) =>
    told(state, car(1, {}, { rev: 2, fallbackW: 0, isOffline: true }), at);
  const onPhasesOf = (state: SiteState, at: number) => {
    const { reserved, phases } = siteProblem(state, wide, at);
    const rounded = Object.entries(phases?.otherA ?? {}).map(([phase, current]) => [phase, Math.round(current)]);
    return { reserved, otherA: Object.fromEntries(rounded) };
  };

  it('is reserved with all it may draw on that phase, and leaves the others free', () => {
    const { next } = settled(cars(1), poor, second(1));
    const { next: raised } = settled(next, wide, second(120));
    expect(onPhasesOf(offline(raised, second(130)), second(130))).toEqual({
      reserved: [{ id: 'S1/1', reservedW: 7_360 }],
      otherA: { L1: 32, L2: 0, L3: 0 },
    });
  });

  it('is reserved on each phase at the most it may draw there, while nobody knows whether it was switched', () => {
    const { next } = settled(cars(1), wide, second(1));
    const { state } = decided(next, poor, second(120));
    expect(onPhasesOf(offline(state, second(130)), second(130))).toEqual({
      reserved: [{ id: 'S1/1', reservedW: 22_080 }],
      otherA: { L1: 32, L2: 32, L3: 32 },
    });
  });
});
