import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { electricsOf, type PhaseRotation } from '../../../domain/registry/electrics.ts';
import { configurationWarnings } from '../../../domain/site/configuration-warnings.ts';
import { decideSite } from '../../../domain/site/decide-site.ts';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { committedW } from '../../../domain/site/session-limits.ts';
import type { SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import type { PhaseSwitching, SitePlan } from '../../../domain/site/site-plan.ts';
import { siteProblem } from '../../../domain/site/site-problem.ts';
import type { SiteState } from '../../../domain/site/site-state.ts';
import { registration } from '../../fakes/registration.ts';
import { car, configuration, demand, emptySite, limited, noon, planOf, second } from './given-site.ts';

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

describe('a car that has begun where the meter tells the currents of phases', () => {
  it('is not taken for load of the building before its own meter has spoken', () => {
    const plan = planWith(['RST'], { meter: 'grid', phases: { voltageV: 230, limitA: 40 } });
    const drawing = (state: SiteState, at: number, currentA: number) =>
      foldSite(
        state,
        {
          type: 'signalled',
          signal: demand(690 * currentA, at, { currentA: { L1: currentA, L2: currentA, L3: currentA } }),
        },
        at,
      );
    const { next, commands } = settled(drawing(cars(1), second(1), 10), plan, second(1));
    expect(commands).toEqual([['S1', 20_700, undefined, undefined]]);
    // 10 A of the building and 30 A of the car.
    expect(settled(drawing(next, second(30), 40), plan, second(30)).commands).toEqual([]);
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

  it('gives a driver who opted out what there would be without the price tier, on one phase and on three', () => {
    const prices = [{ from: noon, tier: 'ON_PEAK' }];
    const about = { siteId: 'depot', at: noon, receivedAt: noon, by: 'app' };
    const tiered = foldSite(
      cars(1),
      { type: 'signalled', signal: { type: 'PricesPublished', ...about, prices } },
      noon,
    );
    const optedOut = foldSite(
      tiered,
      { type: 'signalled', signal: { type: 'OptOutSet', ...about, stationId: 'S1', evseId: 1, optedOut: true } },
      noon,
    );
    const limits = [3_999, 10_000, 16_000].map((limitW) => planWith(['RST'], { limitW }, 'any-phase'));
    const given = (state: SiteState) => limits.map((plan) => settled(state, plan, second(1)).commands[0]?.slice(1, 3));
    expect(given(tiered)).toEqual([
      [1_978, 1],
      [4_968, undefined],
      [7_935, undefined],
    ]);
    expect(given(optedOut)).toEqual(given(cars(1)));
    expect(given(optedOut)).toEqual([
      [3_979, 1],
      [9_936, undefined],
      [15_939, undefined],
    ]);
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

describe('a car that is to go to other phases, beside another one', () => {
  const onePhase = { connectorType: 'Type1', ratedW: 7_360 };
  const direct = { connectorType: 'CCS', ratedW: 50_000 };
  /** S1 can switch phases; S2 is what it is said to be. */
  const beside = (
    neighbour: typeof outlet,
    phaseRotation: PhaseRotation,
    phaseSwitching: PhaseSwitching,
    patch: Partial<SiteConfiguration>,
  ): SitePlan => {
    const [first] = planWith(['RST'], patch, phaseSwitching).stations;
    const connector = { evseId: 1, connectorId: 1, ...neighbour, electrics: electricsOf(neighbour, { phaseRotation }) };
    const other = registration({ stationId: 'S2', siteId: 'depot', connectors: [connector] });
    return { ...planWith([], patch), stations: [first, other].flatMap((station) => station ?? []) };
  };
  const under = (state: SiteState, limit: number, at: number): SiteState =>
    foldSite(state, { type: 'signalled', signal: limited(limit, at) }, at);
  const accepted = (state: SiteState) =>
    state.sessions.map((session) => [session.accepted?.limitW, session.accepted?.phases]);

  it('leaves no room where it is until its station has accepted', () => {
    const limits = { meter: 'grid', phases: { voltageV: 230, limitA: 20 } } as const;
    const plan = beside(onePhase, 'SRT', 'any-phase', limits);
    const measured = (state: SiteState, at: number, powerW: number, L1: number, L2: number, L3: number) => {
      const signal = demand(powerW, at, { evPowerW: powerW, currentA: { L1, L2, L3 } });
      return foldSite(state, { type: 'signalled', signal }, at);
    };
    const { next } = settled(measured(cars(2), second(1), 0, 10, 0, 0), plan, second(1));
    const drawing = [
      car(1, { powerW: 4_140, sampledAt: second(99) }, { rev: 2, fallbackW: 0 }),
      car(2, { powerW: 2_300, sampledAt: second(99) }, { rev: 2, fallbackW: 0 }),
    ].reduce((state, connector) => told(state, connector, second(99)), next);
    // The building takes 15 A of the first phase: the six that S1 needs there do not fit any more.
    const { commands } = settled(measured(drawing, second(100), 6_440, 21, 16, 6), plan, second(100));
    expect([accepted(next), commands]).toEqual([
      [
        [4_140, undefined],
        [3_220, undefined],
      ],
      [['S1', 4_600, 1, 3]],
    ]);
  });

  it('comes down where it is, and takes more of one phase when that has room', () => {
    const plan = beside(onePhase, 'RST', 'first-phase', { limitW: 6_440, phases: { voltageV: 230, limitA: 16 } });
    const { next } = settled(cars(2), plan, second(1));
    const lowered = settled(under(next, 4_000, second(100)), plan, second(100));
    expect([accepted(next), lowered.commands, settled(lowered.next, plan, second(101)).commands]).toEqual([
      [
        [4_140, undefined],
        [2_300, undefined],
      ],
      [
        ['S1', 0, undefined, undefined],
        ['S2', 1_817, undefined, undefined],
      ],
      [['S1', 1_840, 1, undefined]],
    ]);
  });

  it('does not wait for another one that waits for it', () => {
    const limits = { phases: { voltageV: 230, limitA: 16 } };
    const plan = planWith(['RST', 'RST'], limits, 'any-phase');
    const poor = planWith(['RST', 'RST'], { ...limits, limitW: 4_000 }, 'any-phase');
    const { next } = settled(settled(cars(2), poor, second(1)).next, plan, second(120));
    const quarter = second(1 + 15 * 60);
    const rounds = [0, 1, 2].map((round) => quarter + round * 60_000);
    const { asked } = rounds.reduce<{ readonly state: SiteState; readonly asked: readonly unknown[] }>(
      ({ state, asked: before }, at) => {
        const { next: after, commands } = settled(state, plan, at);
        return { state: after, asked: [...before, commands] };
      },
      { state: next, asked: [] },
    );
    expect([accepted(next), asked]).toEqual([
      [
        [3_680, ['L1']],
        [3_680, ['L2']],
      ],
      [
        [
          ['S1', 1_840, 1, 1],
          ['S2', 1_840, 1, 2],
        ],
        [
          ['S1', 5_520, undefined, undefined],
          ['S2', 5_520, undefined, undefined],
        ],
        [],
      ],
    ]);
  });

  it('is renewed on the phase it is on while it waits for room', () => {
    const plan = beside(direct, 'RST', 'any-phase', { limitW: 6_500 });
    const first = settled(under(cars(1), 3_000, noon), plan, second(1));
    const { next } = settled(
      told(under(first.next, 6_500, second(20)), car(2, {}, { fallbackW: 0 })),
      plan,
      second(21),
    );
    const renewed = settled(next, plan, second(456));
    expect([
      first.commands,
      accepted(next),
      renewed.commands,
      settled(renewed.next, plan, second(906)).commands,
    ]).toEqual([
      [['S1', 2_990, 1, 1]],
      [
        [2_990, ['L1']],
        [3_250, undefined],
      ],
      [
        ['S1', 2_990, 1, 1],
        ['S2', 3_250, undefined, undefined],
      ],
      [
        ['S2', 2_340, undefined, undefined],
        ['S1', 2_990, 1, 1],
      ],
    ]);
  });
});

it('a limit of the phases holds where none is configured, for direct current, for cars that are to come and until it ends', () => {
  const given = planWith(['RST', 'STR']);
  const plan: SitePlan = { ...given, configuration: configuration({ meter: 'none' }) };
  const direct: SitePlan = { ...plan, stations: planOf(1).stations };
  const scope = { kind: 'phases' } as const;
  const signal = limited(16, noon, { scope, to: second(600) });
  const under = (state: SiteState): SiteState => foldSite(state, { type: 'signalled', signal }, noon);
  const { session: _, ...pluggedIn } = car(2);
  const arriving = told(under(cars(1)), { ...pluggedIn, awaitsSessionSince: noon });
  expect([
    settled(under(cars(1)), plan, second(1)).commands,
    settled(under(cars(1)), direct, second(1)).commands,
    siteProblem(arriving, plan, second(1)).reserved,
    siteProblem(arriving, plan, second(600)).phases,
  ]).toEqual([
    [['S1', 11_040, undefined, undefined]],
    [['S1', 11_040, undefined, undefined]],
    [{ id: 'S2/1', reservedW: 22_080, isToCome: true, phases: ['L2', 'L3', 'L1'] }],
    undefined,
  ]);
});

it('counts currents at the lowest voltage of configuration and connectors, at which limits are written', () => {
  const { stations, configuration: at240 } = planWith(['RST', 'STR'], { phases: { voltageV: 240, limitA: 40 } });
  const plan: SitePlan = { stations, configuration: at240 };
  const higher: SitePlan = { stations, configuration: { ...at240, phases: { voltageV: 208, limitA: 40 } } };
  const sumA = (of: SitePlan): number =>
    settled(cars(2), of, second(1)).commands.reduce((sum, [, limitW]) => sum + Number(limitW) / 690, 0);
  expect([sumA(plan) <= 40, sumA(plan) > 39, sumA(higher) <= (40 * 208) / 230]).toEqual([true, true, true]);
  expect([configurationWarnings(plan), configurationWarnings(higher)]).toEqual([
    [
      'The phases have 240 V, connectors are registered at 230 V: the currents of all are counted at the lower one',
      'All connectors together draw 44.16 kW: the limit of 100 kW never binds by itself',
    ],
    ['All connectors together draw 44.16 kW: the limit of 100 kW never binds by itself'],
  ]);
});
