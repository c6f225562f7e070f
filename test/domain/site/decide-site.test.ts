import { describe, expect, it } from 'vitest';
import { decideSite } from '../../../domain/site/decide-site.ts';
import { foldSite } from '../../../domain/site/fold-site.ts';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import type { SitePlan } from '../../../domain/site/site-plan.ts';
import type { SiteSignal } from '../../../domain/site/site-signal.ts';
import type { SiteSession, SiteState } from '../../../domain/site/site-state.ts';
import { car, demand, emptySite, limited, noon, planOf, second } from './given-site.ts';

const MINUTE_MS = 60_000;

const told = (state: SiteState, connector: SiteConnector, at = noon): SiteState =>
  foldSite(state, { type: 'connector-changed', connector }, at);

const measured = (state: SiteState, at: number, buildingW = 0): SiteState =>
  foldSite(state, { type: 'signalled', signal: demand(buildingW, at, { evPowerW: 0 }) }, at);

const decided = (state: SiteState, plan: SitePlan, now: number) =>
  decideSite(state, plan, { now, watchingSince: noon - 60 * MINUTE_MS });

/** The site after its stations have accepted what was decided for them. */
const accepted = (state: SiteState, plan: SitePlan, now: number): SiteState => {
  const { state: next, commands } = decided(state, plan, now);
  return commands.reduce(
    (folded, { stationId, evseId, version }) =>
      foldSite(
        folded,
        { type: 'setpoint-ended', outcome: { stationId, evseId, version, state: 'Accepted', at: now } },
        now,
      ),
    next,
  );
};

const limitsOf = (sessions: readonly SiteSession[]) => sessions.map((session) => session.accepted?.limitW ?? null);
const lost = { fallbackW: 10_000 };

it('a meter whose clock is ahead is lost as soon after its last reading as any other', () => {
  const ahead = demand(0, second(240), { receivedAt: noon });
  const state = foldSite(emptySite, { type: 'signalled', signal: ahead }, noon);
  expect([60, 61].map((at) => decided(state, planOf(1), second(at)).state.meter.kind)).toEqual(['fresh', 'lost']);
});

it('a meter that was lost stays so for a worker that takes the site over, until it is heard again', () => {
  const heard = (kind: 'fresh' | 'lost') => ({
    ...measured(emptySite, noon),
    meter: { kind, since: noon } as const,
  });
  const takenOver = (state: SiteState, at: number) =>
    decideSite(state, planOf(1), { now: second(at), watchingSince: second(200) }).state.meter.kind;
  expect([takenOver(heard('fresh'), 201), takenOver(heard('lost'), 201)]).toEqual(['fresh', 'lost']);
  expect(takenOver(measured(heard('lost'), second(201)), 202)).toBe('fresh');
});

it('a limit that has just fallen does not make load of a car that was raised and not measured since, until it had time to follow', () => {
  const plan = planOf(1);
  const held = { limitW: 40_000, at: second(30), validUntil: second(900) };
  const begun = told(emptySite, car(1, { sampledAt: noon, powerW: 10_000 }, lost));
  const raised = { ...begun, otherW: 20_000, sessions: begun.sessions.map((one) => ({ ...one, accepted: held })) };
  // The building takes 20 kW, the car 40.
  const otherAfter = (...readings: readonly number[]) => {
    const signals = [...readings.map((at) => demand(60_000, second(at))), limited(50_000, second(65))];
    const state = signals.reduce<SiteState>(
      (next, signal) => foldSite(next, { type: 'signalled', signal }, noon),
      raised,
    );
    return decided(state, plan, second(91)).state.otherW;
  };
  expect([otherAfter(60), otherAfter(60, 70), otherAfter(60, 70, 90)]).toEqual([20_000, 20_000, 50_000]);
});

it('of a station that is offline no more counts as drawn than is reserved for it, whatever its car drew when it was last heard', () => {
  const plan = planOf(2, { limitW: 70_000 });
  const drawn = { sampledAt: noon, powerW: 40_000 };
  const held = { limitW: 40_000, at: noon, validUntil: second(900) };
  const [one, other] = [car(1, drawn, { ...lost, isOffline: true }), car(2, { ...drawn, powerW: 10_000 }, lost)];
  const begun = [one, other].reduce((state, connector) => told(state, connector), emptySite);
  const sessions = begun.sessions.map((session) => ({ ...session, accepted: held }));
  const later = foldSite(
    { ...begun, sessions, otherW: 20_000 },
    { type: 'signalled', signal: demand(40_000, second(910)) },
    second(910),
  );
  // The building takes 20 kW, both cars 10: S1 fell back to that, and S2 took no more.
  const { state, commands } = decided(later, plan, second(911));
  expect([state.otherW, commands.map(({ stationId, limitW }) => [stationId, limitW])]).toEqual([
    20_000,
    [['S2', 40_000]],
  ]);
});

describe('a car that is plugged in', () => {
  const plan = planOf(3);
  const { session: _, ...free } = car(3, {}, lost);
  const plugged: SiteConnector = { ...free, awaitsSessionSince: noon + 30_000 };
  const full = [1, 2].reduce((state, number) => told(state, car(number, {}, lost)), measured(emptySite, noon));
  const settled = accepted(measured(accepted(full, plan, noon), second(90)), plan, second(90));

  it('has room made for its fall-back, by one of the others, before its session begins', () => {
    const arriving = told(measured(settled, second(100)), { ...plugged, awaitsSessionSince: second(99) }, second(100));
    const { commands } = decided(arriving, plan, second(101));
    expect([limitsOf(settled.sessions), commands.map(({ limitW }) => limitW)]).toEqual([[50_000, 50_000], [39_820]]);
  });

  it('is counted once, as its session, when that has begun', () => {
    const begun = told(told(settled, plugged, second(91)), car(3, {}, { ...lost, rev: 2 }), second(95));
    expect([begun.sessions.length, begun.arriving]).toEqual([3, []]);
  });

  it('takes no room when it has left, nor when no session began for minutes', () => {
    const left = told(told(settled, plugged, second(91)), { ...free, rev: 2 }, second(95));
    const waiting = measured(told(settled, plugged, second(91)), second(300));
    expect([left.arriving, decided(waiting, plan, second(300)).state.arriving]).toEqual([[], []]);
  });

  it('has room kept for it where its station is offline, as nobody sees it come, for as long as that lasts', () => {
    const offline = told(settled, { ...free, isOffline: true }, second(91));
    const later = second(20 * 60);
    const limitsAt = (state: SiteState) =>
      decided(measured(state, later), plan, later).commands.map(({ limitW }) => limitW);
    const back = told(offline, { ...free, isOffline: false, rev: 2 }, second(95));
    expect([limitsAt(offline), limitsAt(back), back.arriving]).toEqual([[45_000, 45_000], [50_000, 50_000], []]);
  });

  it('does not come back with an older image of its connector', () => {
    const newer = told(settled, { ...plugged, rev: 3, awaitsSessionSince: second(80) }, second(91));
    expect(told(newer, { ...free, rev: 2 }, second(92)).arriving).toHaveLength(1);
  });
});

describe('a car that takes nothing', () => {
  const plan = planOf(3);
  const suspended = car(1, { isSuspendedByCar: true, sampledAt: noon, powerW: 0 }, lost);
  const others = (state: SiteState): SiteState =>
    [2, 3].reduce((next, number) => told(next, car(number, { sampledAt: noon, powerW: 50_000 }, lost)), state);
  const minutes = (count: number): number => noon + count * MINUTE_MS;
  const sharedAfter = (count: number, buildingW: number) =>
    decided(measured(others(told(emptySite, suspended)), minutes(count), buildingW), plan, minutes(count));

  it('keeps its minimum for a minute, and then nothing while others could use it', () => {
    const limitOf = (count: number) =>
      sharedAfter(count, 60_000).commands.find(({ stationId }) => stationId === 'S1')?.limitW;
    expect([limitOf(1.1), limitOf(0.9) ?? 0]).toEqual([0, expect.any(Number)]);
    expect(limitOf(0.9)).not.toBe(0);
  });

  it('keeps its minimum while there is enough for all', () => {
    const roomy = planOf(3, { limitW: 1_000_000 });
    const state = measured(others(told(emptySite, suspended)), minutes(6));
    const { sessions } = decided(state, roomy, minutes(6)).state;
    expect(sessions.map(({ rest }) => rest)).toEqual([undefined, undefined, undefined]);
  });

  it('is offered its minimum again after half an hour, and at once when it draws', () => {
    const restOf = (state: SiteState) => state.sessions.find(({ stationId }) => stationId === 'S1')?.rest;
    const rested = sharedAfter(6, 60_000).state;
    const later = decided(measured(rested, minutes(37), 60_000), plan, minutes(37)).state;
    const drawing = told(rested, car(1, { sampledAt: minutes(7), powerW: 3_000 }, { ...lost, rev: 2 }), minutes(7));
    const woken = decided(measured(drawing, minutes(7), 60_000), plan, minutes(7)).state;
    expect([rested, later, woken].map(restOf)).toEqual([
      { kind: 'resting', since: minutes(6), times: 1 },
      { kind: 'offered', times: 1 },
      undefined,
    ]);
  });

  it('rests for an hour when it has left the second offer as well', () => {
    const idle = { isSuspendedByCar: true, sampledAt: minutes(6), powerW: 0 };
    const again = (state: SiteState, at: number): SiteState =>
      accepted(measured(others(told(state, car(1, idle, { ...lost, rev: 2 }), at)), at, 60_000), plan, at);
    const start = others(told(emptySite, suspended));
    const offered = again(again(again(start, minutes(6)), minutes(36)), minutes(37));
    const rested = again(offered, minutes(40));
    const restOf = (state: SiteState) => state.sessions.find(({ stationId }) => stationId === 'S1')?.rest;
    expect([restOf(offered), restOf(rested), restOf(again(rested, minutes(99)))]).toEqual([
      { kind: 'offered', times: 1 },
      { kind: 'resting', since: minutes(40), times: 2 },
      { kind: 'resting', since: minutes(40), times: 2 },
    ]);
  });
});

describe('a car that takes nothing and has got what its driver asked for', () => {
  const plan = planOf(3);
  const minutes = (count: number): number => noon + count * MINUTE_MS;
  /** A car at S1 that has so much of the 20 kWh its driver asked for, and two others that take all they get. */
  const delivered = (energyWh: number): SiteState => {
    const idle = { isSuspendedByCar: true, sampledAt: noon, powerW: 0, energyWh };
    const wished = foldSite(
      told(emptySite, car(1, idle, lost)),
      {
        type: 'signalled',
        signal: {
          ...{ type: 'DepartureSet', siteId: 'depot', stationId: 'S1', evseId: 1, by: 'app' },
          ...{ at: noon, receivedAt: noon, expiresAt: minutes(60), departureAt: minutes(480), energyWh: 20_000 },
        },
      },
      noon,
    );
    return [2, 3].reduce((next, number) => told(next, car(number, { sampledAt: noon, powerW: 50_000 }, lost)), wished);
  };
  const restAt = (state: SiteState, at: number) => {
    const { state: next } = decided(measured(state, at, 60_000), plan, at);
    return { next, rest: next.sessions.find(({ stationId }) => stationId === 'S1')?.rest?.kind };
  };

  it('gives its minimum to others at once, and is not offered it again for four hours', () => {
    const first = restAt(delivered(19_700), second(10));
    const kinds = [37, 239, 241].map((count) => restAt(first.next, minutes(count)).rest);
    expect([first.rest, ...kinds]).toEqual(['resting', 'resting', 'resting', 'offered']);
  });

  it('waits for a minute where something is wanting', () => {
    expect([restAt(delivered(19_500), second(10)).rest, restAt(delivered(19_500), second(70)).rest]).toEqual([
      undefined,
      'resting',
    ]);
  });
});

describe('a connection with phases whose currents are measured', () => {
  it('leaves cars what the building does not draw on the phase it draws most from', () => {
    const plan = planOf(1, { phases: { voltageV: 230, limitA: 100 } });
    const state = told(emptySite, car(1, { sampledAt: noon, powerW: 0 }, lost));
    const currentA = { L1: 70, L2: 20, L3: 20 };
    const known = foldSite(
      state,
      { type: 'signalled', signal: demand(20_000, second(1), { evPowerW: 0, currentA }) },
      second(1),
    );
    const { commands } = decided(known, plan, second(2));
    expect(commands.map(({ limitW }) => limitW)).toEqual([30 * 230 * 3]);
  });
});

describe('a site that is too small for the minimums of all its cars', () => {
  /** 2 kW each at the least; what the building leaves flickers around what they need together. */
  const plan = planOf(10, { limitW: 20_500 });
  const begun = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].reduce(
    (state, number) => told(state, car(number, { sampledAt: noon, powerW: 2_000 }, { fallbackW: 0 })),
    emptySite,
  );

  it('pauses one car when the building takes the room of one, and lets it wait for minutes', () => {
    const from = second(20 * 60);
    let state = accepted(measured(begun, noon), plan, noon);
    for (let at = noon; at <= from; at += 15_000) state = accepted(measured(state, at), plan, at);
    const pausedAt: number[] = [];
    for (let step = 0; step < 40; step++) {
      const at = from + (step + 1) * 5_000;
      state = accepted(measured(state, at, step % 6 < 3 ? 1_000 : 0), plan, at);
      pausedAt.push(state.sessions.filter(({ turn }) => turn.kind === 'paused').length);
    }
    expect(new Set(pausedAt)).toEqual(new Set([1]));
  });
});

describe('a car that is paused', () => {
  const plan = planOf(2, { meter: 'none', limitW: 12_000, strategy: 'bid-weighted' });
  const bid = (stationId: string, perKwh: number): SiteSignal => ({
    type: 'BidSet',
    siteId: 'depot',
    at: noon,
    receivedAt: noon,
    by: 'app',
    stationId,
    evseId: 1,
    perKwh,
    currency: 'EUR',
  });
  const lowered: SiteSignal = {
    type: 'SiteLimitSet',
    siteId: 'depot',
    at: second(100),
    receivedAt: second(100),
    by: 'grid',
    scope: { kind: 'site' },
    from: second(100),
    limit: 3_900,
  };
  const signalled = (state: SiteState, ...signals: readonly SiteSignal[]): SiteState =>
    signals.reduce((folded, signal) => foldSite(folded, { type: 'signalled', signal }, signal.at), state);
  const cars = told(told(emptySite, car(1, {}, { fallbackW: 0 })), car(2, { startedAt: noon + 1 }, { fallbackW: 0 }));
  const charging = accepted(signalled(cars, bid('S1', 1), bid('S2', 5)), plan, second(1));

  it('gives its room to others when its station has accepted the pause, not before', () => {
    const { state: asked, commands } = decided(signalled(charging, lowered), plan, second(100));
    const unanswered = decided(asked, plan, second(101));
    const paused = commands.map(({ stationId, limitW }) => [stationId, limitW]);
    const answered = commands.reduce(
      (state, { stationId, evseId, version }) =>
        foldSite(
          state,
          {
            type: 'setpoint-ended',
            outcome: { stationId, evseId, version, state: 'Accepted', at: second(102) },
          },
          second(102),
        ),
      unanswered.state,
    );
    expect([
      limitsOf(charging.sessions),
      paused,
      unanswered.commands,
      limitsOf(accepted(answered, plan, second(102)).sessions),
    ]).toEqual([[2_000, 10_000], [['S2', 0]], [], [3_900, 0]]);
  });
});

describe('a station that holds the limit of somebody else in place of its setpoint', () => {
  const plan = planOf(2, { meter: 'none', limitW: 60_000 });
  const begun = [1, 2].reduce((state, number) => told(state, car(number, {}, lost)), emptySite);
  const settled = accepted(accepted(begun, plan, noon), plan, second(70));
  const image = { limitW: 45_000, setpointAt: second(1_000), profilesAt: second(1_000) };
  const overruled = told(settled, car(1, image, { ...lost, rev: 2 }), second(100));
  const asked = (at: number) =>
    decided(overruled, plan, at).commands.map(({ stationId, limitW }) => [stationId, limitW] as const);

  it('is reserved at that, and asked again after five minutes', () => {
    expect([limitsOf(settled.sessions), asked(second(101)), asked(second(400))]).toEqual([
      [30_000, 30_000],
      [['S2', 15_000]],
      [['S1', 30_000]],
    ]);
  });
});

describe('a setpoint of which nothing is heard, as its station has no connection', () => {
  const plan = planOf(2, { meter: 'none', limitW: 60_000 });
  const begun = [1, 2].reduce((state, number) => told(state, car(number, {}, lost)), emptySite);
  const settled = accepted(accepted(begun, plan, noon), plan, second(70));

  it('leaves its car what it had after a minute: others make room', () => {
    const fallen = foldSite(settled, { type: 'signalled', signal: limited(40_000, second(200)) }, second(200));
    const { state, commands } = decided(fallen, plan, second(200));
    const answered = commands
      .filter(({ stationId }) => stationId === 'S2')
      .reduce(
        (folded, { stationId, evseId, version }) =>
          foldSite(
            folded,
            { type: 'setpoint-ended', outcome: { stationId, evseId, version, state: 'Accepted', at: second(201) } },
            second(201),
          ),
        state,
      );
    const asked = (at: number) =>
      decided(answered, plan, at).commands.map(({ stationId, limitW }) => [stationId, limitW]);
    expect([limitsOf(answered.sessions), asked(second(259)), asked(second(260))]).toEqual([
      [30_000, 20_000],
      [],
      [['S2', 10_000]],
    ]);
  });
});

describe('a setpoint that was never answered', () => {
  const plan = planOf(1, { meter: 'none', limitW: 50_000 });
  const ended = (state: SiteState, outcome: 'Accepted' | 'TimedOut', at: number): SiteState =>
    state.sessions.reduce(
      (folded, { stationId, evseId, inFlight }) =>
        foldSite(
          folded,
          {
            type: 'setpoint-ended',
            outcome: { stationId, evseId, version: inFlight?.version ?? 0, state: outcome, at },
          },
          at,
        ),
      state,
    );
  /** Asks under a limit of the site, six minutes after each other, and gets no answer. */
  const unheard = (limits: readonly number[]): SiteState =>
    limits.reduce(
      (state, limit, index) => {
        const at = second(1 + index * 360);
        const signalled = foldSite(state, { type: 'signalled', signal: limited(limit, at) }, at);
        return ended(decided(signalled, plan, at).state, 'TimedOut', at + 30_000);
      },
      told(emptySite, car(1, {}, { fallbackW: 0 })),
    );
  const kept = (state: SiteState) => [
    state.sessions[0]?.inFlight?.limitW,
    state.sessions[0]?.unanswered?.map(({ limitW, validUntil }) => [limitW, validUntil]),
  ];

  it('is sent again after five minutes although the station may hold what it is to have', () => {
    const begun = told(emptySite, car(1, {}, { fallbackW: 3_750 }));
    const once = ended(decided(begun, plan, second(1)).state, 'TimedOut', second(31));
    const sentW = (at: number) => decided(once, plan, at).commands.map(({ limitW }) => limitW);
    expect([second(330), second(331)].map(sentW)).toEqual([[], [50_000]]);
  });

  it('counts with its own end beside those that come after it, unless one of these is no less', () => {
    const [first, later] = [second(1 + 900), second(1 + 360 + 900)];
    expect(
      [[40_000], [40_000, 30_000], [40_000, 30_000, 20_000], [40_000, 50_000, 20_000]].map(unheard).map(kept),
    ).toEqual([
      [40_000, undefined],
      [30_000, [[40_000, first]]],
      [
        20_000,
        [
          [40_000, first],
          [30_000, later],
        ],
      ],
      [20_000, [[49_900, later]]],
    ]);
  });
});
