import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { committedW } from '../../../domain/site/session-limits.ts';
import type { SiteEvent } from '../../../domain/site/site-event.ts';
import { MOST_SESSIONS, type SiteSession, type SiteState } from '../../../domain/site/site-state.ts';
import { car, demand, emptySite, noon, planOf, second } from './given-site.ts';

const changed = (connector: ReturnType<typeof car>): SiteEvent => ({ type: 'connector-changed', connector });
const signalled = (signal: ReturnType<typeof demand>): SiteEvent => ({ type: 'signalled', signal });
const stateAfter = (...events: readonly SiteEvent[]): SiteState =>
  events.reduce((state, event) => foldSite(state, event, noon), emptySite);

const asked = (state: SiteState, patch: Partial<SiteSession>): SiteState => ({
  ...state,
  sessions: state.sessions.map((session) => ({ ...session, ...patch })),
});

describe('a reading of the meter', () => {
  it('holds by the instant it is about, whichever comes first', () => {
    const [old, fresh] = [demand(10_000, second(0)), demand(20_000, second(15))];
    const either = [stateAfter(signalled(old), signalled(fresh)), stateAfter(signalled(fresh), signalled(old))];
    expect(either.map((state) => state.demand)).toEqual([fresh, fresh]);
  });
});

describe('a session', () => {
  it('is taken up when its connector has one, and given up when it has none', () => {
    const begun = stateAfter(changed(car(1)));
    const { session: _, ...empty } = car(1, {}, { rev: 2 });
    const ended = foldSite(begun, changed(empty), second(60));
    expect([begun.sessions.map(({ sessionId }) => sessionId), ended.sessions]).toEqual([['session-1'], []]);
  });

  it('does not come back with an older image of its connector', () => {
    const { session: _, ...empty } = car(1, {}, { rev: 3 });
    const ended = stateAfter(changed(car(1)), changed(empty));
    expect(foldSite(ended, changed(car(1, {}, { rev: 2 })), noon).sessions).toEqual([]);
  });

  it('is found to leave power unused though its limit was lowered a moment ago, but not where it was raised', () => {
    const boundW = (raisedAt: number): number | undefined => {
      const known = asked(stateAfter(changed(car(1))), { accepted: { limitW: 40_000, at: second(55) }, raisedAt });
      const sampled = (seconds: number) =>
        changed(car(1, { sampledAt: second(seconds), powerW: 20_000 }, { rev: seconds }));
      const state = [sampled(60), sampled(70)].reduce((next, event) => foldSite(next, event, noon), known);
      return state.sessions[0]?.use.boundW;
    };
    expect([boundW(second(-300)), boundW(second(54))]).toEqual([21_000, undefined]);
  });

  it('that took what it was raised to a moment ago is bounded no longer: it might say nothing more for long', () => {
    const raised = asked(stateAfter(changed(car(1))), {
      accepted: { limitW: 21_000, at: second(55) },
      raisedAt: second(54),
      use: { below: 0, at: second(10), boundW: 21_000 },
    });
    const boundW = (powerW: number): number | undefined =>
      foldSite(raised, changed(car(1, { sampledAt: second(60), powerW }, { rev: 2 })), noon).sessions[0]?.use.boundW;
    expect([boundW(20_900), boundW(20_000)]).toEqual([undefined, 21_000]);
  });

  it('makes way for the next one on its connector, and with it the limit it had', () => {
    const first = asked(stateAfter(changed(car(1))), { accepted: { limitW: 9_000, at: noon } });
    const next = foldSite(first, changed(car(1, { sessionId: 'next' }, { rev: 2 })), noon);
    expect(next.sessions.map(({ sessionId, accepted }) => [sessionId, accepted])).toEqual([['next', undefined]]);
  });

  it('that was missed is made good by a comparison with the tables, one that is gone goes', () => {
    const state = stateAfter(changed(car(1)));
    const later = second(600);
    const compared = foldSite(state, { type: 'compared', connectors: [car(2)], at: later }, later);
    expect([compared.sessions.map(({ stationId }) => stationId), compared.comparedAt]).toEqual([['S2'], later]);
  });

  it('that has just begun survives a comparison with an index that does not know it yet', () => {
    const state = stateAfter(changed(car(1)));
    const compared = foldSite(state, { type: 'compared', connectors: [], at: second(5) }, second(5));
    expect(compared.sessions).toHaveLength(1);
  });

  it('beyond the most a site controls is left to the load of the building', () => {
    const all = Array.from({ length: MOST_SESSIONS + 5 }, (_, index) => changed(car(index + 1)));
    expect(stateAfter(...all).sessions).toHaveLength(MOST_SESSIONS);
  });

  it('ends what was wished for it', () => {
    const bid: SiteEvent = {
      type: 'signalled',
      signal: {
        type: 'BidSet',
        siteId: 'depot',
        at: noon,
        receivedAt: noon,
        by: 'app',
        stationId: 'S1',
        evseId: 1,
        perKwh: 0.5,
        currency: 'EUR',
      },
    };
    const { session: _, ...empty } = car(1, {}, { rev: 2 });
    expect([stateAfter(changed(car(1)), bid).wishes, stateAfter(changed(car(1)), bid, changed(empty)).wishes]).toEqual([
      { 'S1/1': { bid: bid.signal } },
      {},
    ]);
  });
});

describe('the outcome of a setpoint', () => {
  const waiting = asked(stateAfter(changed(car(1))), {
    accepted: { limitW: 20_000, at: noon },
    inFlight: { limitW: 10_000, at: second(1), version: 7, validUntil: second(900) },
  });
  const ended = (
    state: 'Accepted' | 'Rejected' | 'NotSupported' | 'TimedOut' | 'Superseded',
    version = 7,
  ): SiteSession | undefined =>
    foldSite(
      waiting,
      { type: 'setpoint-ended', outcome: { stationId: 'S1', evseId: 1, version, state, at: second(2) } },
      second(2),
    ).sessions[0];

  it.each([
    ['Accepted', { accepted: { limitW: 10_000, at: second(2), validUntil: second(900) } }],
    ['Rejected', { accepted: { limitW: 20_000, at: noon }, refused: { limitW: 10_000, at: second(2) } }],
    ['NotSupported', { accepted: { limitW: 20_000, at: noon }, isUncontrollable: true }],
    ['Superseded', { accepted: { limitW: 20_000, at: noon } }],
  ] as const)('%s is what holds from then on', (state, expected) => {
    const { accepted, refused, isUncontrollable, inFlight } = ended(state) ?? {};
    const known = { accepted, refused, isUncontrollable, inFlight };
    expect(JSON.parse(JSON.stringify(known))).toEqual(expected);
  });

  it('that nobody knows leaves both possible', () => {
    expect(ended('TimedOut')).toMatchObject({
      accepted: { limitW: 20_000 },
      inFlight: { limitW: 10_000, unansweredAt: second(2) },
    });
  });

  it('of an earlier decision changes nothing', () => {
    expect(ended('Accepted', 6)).toEqual(waiting.sessions[0]);
  });

  it('is settled by the station’s own word about the limit in force', () => {
    const open = asked(waiting, { inFlight: { limitW: 10_000, at: second(1), version: 7, unansweredAt: second(31) } });
    const told = foldSite(open, changed(car(1, { limitW: 10_000 }, { rev: 2 })), second(40)).sessions[0];
    expect([told?.accepted?.limitW, told?.inFlight]).toEqual([10_000, undefined]);
  });

  it('is not settled by an image of before it was sent, which shows the limit of then', () => {
    const [earlier, later] = [second(-5), second(1)];
    const open = asked(waiting, {
      accepted: { limitW: 20_000, at: noon, sentAt: earlier },
      inFlight: { limitW: 10_000, at: second(1), sentAt: later, version: 7, unansweredAt: second(31) },
    });
    const told = (profilesAt: number) =>
      foldSite(open, changed(car(1, { limitW: 20_000, setpointAt: earlier, profilesAt }, { rev: 2 })), second(40))
        .sessions[0];
    expect([earlier, later].map(told).map((one) => [one?.accepted?.limitW, one?.inFlight?.limitW])).toEqual([
      [20_000, 10_000],
      [20_000, undefined],
    ]);
  });

  it('is settled as the very command that holds, where another one was for the same power', () => {
    const open = asked(waiting, {
      accepted: { limitW: 10_000, at: noon, sentAt: noon, validUntil: second(600) },
      inFlight: {
        limitW: 10_000,
        at: second(1),
        sentAt: second(1),
        version: 7,
        validUntil: second(900),
        unansweredAt: second(31),
      },
    });
    const image = car(1, { limitW: 10_000, setpointAt: noon, profilesAt: second(1) }, { rev: 2 });
    expect(foldSite(open, changed(image), second(40)).sessions[0]).toMatchObject({
      accepted: { validUntil: second(600) },
    });
  });

  it('is not settled while it is open which setpoint holds, though each limits to the same now', () => {
    const open = asked(waiting, {
      accepted: { limitW: 10_000, at: noon, sentAt: noon, validUntil: second(600) },
      inFlight: { limitW: 10_000, at: second(1), sentAt: second(1), version: 7, unansweredAt: second(31) },
    });
    const told = { limitW: 10_000, setpointAt: noon, profilesAt: second(1), isSetpointOpen: true } as const;
    const [before] = open.sessions;
    expect(foldSite(open, changed(car(1, told, { rev: 2 })), second(40)).sessions[0]).toMatchObject({
      accepted: before?.accepted,
      inFlight: before?.inFlight,
    });
  });

  describe('after one that was never answered', () => {
    const earlier = { limitW: 50_000, at: second(-400), validUntil: second(500) };
    const asking = asked(waiting, { unanswered: [earlier] });
    const answered = (state: 'Accepted' | 'Rejected' | 'Failed' | 'NotSupported' | 'Superseded' | 'Expired', at = 2) =>
      foldSite(
        asking,
        { type: 'setpoint-ended', outcome: { stationId: 'S1', evseId: 1, version: 7, state, at: second(at) } },
        second(at),
      ).sessions[0];
    const plan = planOf(1);
    const committed = (session: SiteSession | undefined, at: number): number | undefined =>
      session && committedW(plan, session, second(at));

    it.each(['Rejected', 'Failed', 'NotSupported', 'Superseded', 'Expired'] as const)(
      '%s leaves it possible until it ends',
      (state) => {
        const session = answered(state);
        expect([session?.inFlight, session?.unanswered, committed(session, 3), committed(session, 500)]).toEqual([
          undefined,
          [earlier],
          50_000,
          20_000,
        ]);
      },
    );

    it('Accepted is all that holds', () => {
      const session = answered('Accepted');
      expect([session?.unanswered, committed(session, 3)]).toEqual([undefined, 10_000]);
    });

    it('leaves off what has ended meanwhile', () => {
      expect(answered('Rejected', 500)?.unanswered).toBeUndefined();
    });

    it('is settled by the station’s own word about the limit in force', () => {
      const open: SiteState = { ...asking, sessions: [answered('Rejected')].flatMap((session) => session ?? []) };
      const said = (limitW: number) => foldSite(open, changed(car(1, { limitW }, { rev: 2 })), second(40)).sessions[0];
      expect([20_000, 50_000, 30_000].map(said).map((one) => [one?.accepted?.limitW, one?.unanswered])).toEqual([
        [20_000, undefined],
        [50_000, undefined],
        [20_000, [earlier]],
      ]);
    });

    it('is known of sites that were written before it was kept with its own end', () => {
      const written = asked(waiting, {
        inFlight: { limitW: 10_000, at: second(1), version: 7, validUntil: second(900), mayHoldW: 50_000 },
      });
      const rejected = foldSite(
        written,
        {
          type: 'setpoint-ended',
          outcome: { stationId: 'S1', evseId: 1, version: 7, state: 'Rejected', at: second(2) },
        },
        second(2),
      ).sessions[0];
      expect([committed(written.sessions[0], 2), committed(rejected, 3), committed(rejected, 900)]).toEqual([
        50_000, 50_000, 20_000,
      ]);
    });
  });
});

describe('an accepted setpoint', () => {
  const validUntil = second(40_000);
  const held: SiteState = asked(stateAfter(changed(car(1, {}, { fallbackW: 7_500 }))), {
    accepted: { limitW: 4_000, at: second(2), sentAt: second(1), validUntil },
  });
  const seen = (
    session: Parameters<typeof car>[1],
    state = held,
    rev = 2,
    at = second(60),
  ): { readonly state: SiteState; readonly limits: unknown } => {
    const next = foldSite(state, changed(car(1, session, { rev, fallbackW: 7_500 })), at);
    const { accepted, unanswered, overruled } = next.sessions[0] ?? {};
    const limits = { acceptedW: accepted?.limitW, unansweredW: unanswered?.map(({ limitW }) => limitW), overruled };
    return { state: next, limits };
  };
  const nothing = { acceptedW: undefined, unansweredW: undefined, overruled: undefined };

  it('is believed while its station holds it, and while its connector does not know of it yet', () => {
    const isHeld = seen({ limitW: 4_000, setpointAt: second(1), profilesAt: second(5) }).limits;
    const isUnknown = seen({ limitW: 7_500, profilesAt: second(-5) }).limits;
    expect([isHeld, isUnknown]).toEqual([
      { ...nothing, acceptedW: 4_000 },
      { ...nothing, acceptedW: 4_000 },
    ]);
  });

  it('may hold or not after its station has restarted', () => {
    expect(seen({ profilesAt: second(1) }).limits).toEqual({ ...nothing, unansweredW: [4_000] });
    const below = { limitW: 3_000, profilesAt: second(1), isSetpointOpen: true } as const;
    expect(seen(below).limits).toEqual({ ...nothing, unansweredW: [4_000] });
  });

  it('is over when somebody cleared it', () => {
    expect(seen({ limitW: 7_500, profilesAt: second(30) }).limits).toEqual(nothing);
  });

  it('gives way to the limit of somebody else that holds in its place, until that no longer does', () => {
    const overruled = seen({ limitW: 22_000, setpointAt: second(1), profilesAt: second(30) });
    const again = seen(
      { limitW: 22_000, setpointAt: second(1), profilesAt: second(30) },
      overruled.state,
      3,
      second(90),
    );
    const over = seen({ limitW: 4_000, setpointAt: second(1), profilesAt: second(80) }, again.state, 4, second(120));
    const counted = { ...nothing, acceptedW: 4_000, overruled: { limitW: 22_000, since: second(60) } };
    expect([overruled.limits, again.limits, over.limits]).toEqual([counted, counted, { ...nothing, acceptedW: 4_000 }]);
  });

  it('that a station accepts beside the limit of somebody else still gives way to it', () => {
    const overruled = seen({ limitW: 22_000, setpointAt: second(1), profilesAt: second(30) }).state;
    const asking = asked(overruled, { inFlight: { limitW: 3_000, at: second(400), version: 9 } });
    const outcome = { stationId: 'S1', evseId: 1, version: 9, state: 'Accepted', at: second(402) } as const;
    const [session] = foldSite(asking, { type: 'setpoint-ended', outcome }, second(402)).sessions;
    expect([session?.accepted?.limitW, session?.overruled]).toEqual([3_000, { limitW: 22_000, since: second(402) }]);
  });

  it('is not judged by an image while another one is on its way', () => {
    const asking = asked(held, { inFlight: { limitW: 3_000, at: second(50), version: 9 } });
    expect(seen({ limitW: 7_500, profilesAt: second(30) }, asking).limits).toEqual({ ...nothing, acceptedW: 4_000 });
  });
});

it('counts a car that begins with the limit in force where that is more than the fall-back', () => {
  const begun = stateAfter(changed(car(1, { limitW: 22_000, profilesAt: noon }, { fallbackW: 7_500 })));
  expect(begun.sessions.map((session) => committedW(planOf(1), session, noon))).toEqual([22_000]);
});

const anyEvent: fc.Arbitrary<SiteEvent> = fc.oneof(
  fc
    .record({ w: fc.integer({ min: 0, max: 90_000 }), s: fc.integer({ min: 0, max: 300 }) })
    .map(({ w, s }) => signalled(demand(w, second(s)))),
  fc
    .record({
      n: fc.integer({ min: 1, max: 3 }),
      rev: fc.integer({ min: 1, max: 6 }),
      session: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ n, rev, session }) => {
      const image = car(n, { sessionId: `${n}.${Math.floor(rev / 2)}.${session > 0}` }, { rev });
      const { session: _, ...empty } = image;
      return changed(rev % 3 === 0 ? empty : image);
    }),
);

it('comes to the same when every event is delivered twice', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const twice = events.flatMap((event) => [event, event]);
      const known = ({ sessions, demand: reading }: SiteState) => ({ sessions, reading });
      expect(known(stateAfter(...twice))).toEqual(known(stateAfter(...events)));
    }),
    { numRuns: 300 },
  );
});
