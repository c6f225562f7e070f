import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndedSession } from '../../../domain/kernel/ended-session.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { conversation, iso, v16, v201 } from '../../support/conversation.ts';

type Message = { readonly action: string; readonly payload: object };
type On = { readonly evseId: number; readonly connectorId: number };

const shapes: readonly (readonly On[])[] = [
  [{ evseId: 1, connectorId: 1 }],
  [
    { evseId: 1, connectorId: 1 },
    { evseId: 2, connectorId: 1 },
  ],
  [
    { evseId: 1, connectorId: 1 },
    { evseId: 1, connectorId: 2 },
  ],
];
const registered = (places: readonly On[]) =>
  places.map((on) => ({ ...on, connectorType: 'CCS', ratedW: 150_000 }) as const);

const verdictOf = (tag: string) => (tag.startsWith('BAD') ? 'Blocked' : 'Accepted');

/** How a transaction goes: what flows between its messages, and where its tag is presented. */
const course = fc.record({
  steps: fc.array(fc.tuple(fc.integer({ min: 12, max: 400 }), fc.integer({ min: 3000, max: 9000 })), {
    minLength: 1,
    maxLength: 5,
  }),
  flows: fc.boolean(),
  tag: fc.constantFrom('GOOD', 'BAD', undefined),
  tagIn: fc.nat(5),
  silent: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  states: fc.boolean(),
  place: fc.nat(1),
  gapMin: fc.integer({ min: 1, max: 30 }),
  hasStopId: fc.boolean(),
});
type Course = typeof course extends fc.Arbitrary<infer T> ? T : never;

type Point = { readonly sec: number; readonly wh: number };
const pointsOf = ({ steps, flows }: Course, fromSec: number, fromWh: number): readonly Point[] => {
  let [sec, wh, powerW] = [fromSec, fromWh, 0];
  return [
    { sec, wh },
    ...steps.map(([bySec, byW]) => {
      sec += bySec;
      powerW += byW;
      wh += flows ? Math.round((powerW * bySec) / 3600) : 0;
      return { sec, wh };
    }),
  ];
};

const conversation201 = (places: readonly On[], courses: readonly Course[]): readonly Message[] => {
  let sec = 22;
  const registers = new Map<On, number>();
  return courses.flatMap((given, number) => {
    const on = places[given.place % places.length] ?? { evseId: 1, connectorId: 1 };
    const points = pointsOf(given, sec, registers.get(on) ?? 50_000);
    const last = points.length - 1;
    registers.set(on, points[last]?.wh ?? 0);
    sec = (points[last]?.sec ?? sec) + given.gapMin * 60;
    const tagAt = given.tagIn % (last + 1);
    return points.map(({ sec: at, wh }, index) => {
      const type = index === 0 ? 'Started' : index === last ? 'Ended' : 'Updated';
      const context = { Started: 'Transaction.Begin', Updated: 'Sample.Periodic', Ended: 'Transaction.End' }[type];
      const isPlaced = index === tagAt || !given.silent[index];
      const chargingState = given.flows && index > tagAt ? 'Charging' : 'EVConnected';
      return {
        action: 'TransactionEvent',
        payload: v201.event(type, at / 60, index, {
          id: `T${number}`,
          info: given.states ? { chargingState } : {},
          meterValue: [{ timestamp: iso(at / 60), sampledValue: [{ value: wh, context }] }],
          ...(isPlaced ? { evse: { id: on.evseId, connectorId: on.connectorId } } : {}),
          ...(given.tag && index === tagAt ? { idToken: { idToken: given.tag, type: 'ISO14443' } } : {}),
        }),
      };
    });
  });
};

/** In OCPP 1.6 every start has a tag and its connector; readings and stops name their transaction, or do not know it. */
const conversation16 = (places: readonly On[], courses: readonly Course[]): readonly Message[] => {
  let sec = 22;
  const registers = new Map<number, number>();
  return courses.flatMap((given, number) => {
    const connectorId = 1 + (given.place % places.length);
    const points = pointsOf(given, sec, registers.get(connectorId) ?? 50_000 * connectorId);
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    registers.set(connectorId, last.wh);
    sec = last.sec + given.gapMin * 60;
    const tag = `${given.tag ?? 'GOOD'}${number}`;
    const start = v16.start(first.sec / 60, first.wh, tag, connectorId);
    const { transactionId } = conversation('1.6', { tag: verdictOf }).say(600, 'StartTransaction', start);
    const id = Number(transactionId);
    // Where nothing names a transaction, only time and meters tell: they do for one at a time.
    const isIdKnown = courses.length > 1 || given.hasStopId || given.tag === 'BAD';
    return [
      { action: 'StartTransaction', payload: start },
      ...points.slice(1, -1).map((point, index) => {
        const names = isIdKnown && (courses.length > 1 || !given.silent[index]);
        const payload = v16.values(point.sec / 60, point.wh, names ? id : undefined);
        return { action: 'MeterValues', payload: { ...payload, connectorId } };
      }),
      {
        action: 'StopTransaction',
        payload: v16.stop(last.sec / 60, last.wh, isIdKnown ? id : -1, { idTag: tag }),
      },
    ];
  });
};

const told = (ocpp: OcppVersion, places: readonly On[], messages: readonly Message[]) => {
  const station = conversation(ocpp, { connectors: registered(places), tag: verdictOf });
  for (const [index, { action, payload }] of messages.entries()) station.say(600 + index / 100, action, payload);
  return station;
};
type Station = ReturnType<typeof told>;

const own = ({ flags, ...session }: EndedSession) => ({
  transaction: session.transactionId,
  from: session.startedAt,
  to: session.endedAt,
  energyWh: session.energyWh,
  tag: session.tag,
  place: `${session.evseId}/${session.connectorId}`,
  flags: flags.filter((flag) => flag !== 'lateArrival' && flag !== 'seqGap').toSorted(),
});

const outcome = (station: Station) => ({
  sessions: station.sessions.map(own),
  refusals: [
    ...new Set(
      station.changes.flatMap((change) =>
        change.type === 'AuthorizationRefused'
          ? [`${change.transactionId} ${change.verdict} ${change.tag} ${change.evseId}/${change.connectorId}`]
          : [],
      ),
    ),
  ].toSorted(),
  open: station.aggregate.connectors.flatMap(({ session, past }) => [session, past].filter((one) => one !== undefined)),
});

const windowWh = (station: Station, places: readonly On[]) =>
  [...new Set(places.map(({ connectorId }) => connectorId))].map((id) => Math.round(station.windowWh(id)));

const shuffledConversation = (make: (places: readonly On[], courses: readonly Course[]) => readonly Message[]) =>
  fc.tuple(fc.constantFrom(...shapes), fc.array(course, { minLength: 1, maxLength: 2 })).chain(([places, courses]) => {
    const messages = make(places, courses);
    return fc.record({
      places: fc.constant(places),
      messages: fc.constant(messages),
      order: fc.shuffledSubarray([...messages], { minLength: messages.length }),
      repeats: fc.array(fc.nat(messages.length - 1), { maxLength: 3 }),
    });
  });

const inAnyOrder = (ocpp: OcppVersion, make: typeof conversation16, numRuns: number) =>
  fc.assert(
    fc.property(shuffledConversation(make), ({ places, messages, order, repeats }) => {
      const inOrder = told(ocpp, places, messages);
      const inDisorder = told(ocpp, places, [...order, ...repeats.flatMap((index) => messages[index] ?? [])]);
      expect(outcome(inDisorder)).toEqual(outcome(inOrder));
      expect(windowWh(inDisorder, places)).toEqual(windowWh(inOrder, places));
    }),
    { numRuns },
  );

describe('a whole conversation', () => {
  it('of OCPP 2.0.1 leads to the same sessions and refusals in any order', () => {
    inAnyOrder('2.0.1', conversation201, 150);
  });

  it('of OCPP 1.6 leads to the same sessions and refusals in any order', () => {
    inAnyOrder('1.6', conversation16, 150);
  });
});
