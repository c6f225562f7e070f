import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversation, iso, line, v201 } from '../../support/conversation.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

const connectors = [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 150_000 }];
const started = 0.37;

type Event = ReturnType<typeof v201.event> & { readonly timestamp: string };

const event = (type: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, register: number): Event => {
  const context = { Started: 'Transaction.Begin', Updated: 'Sample.Periodic', Ended: 'Transaction.End' }[type];
  const meterValue = [{ timestamp: iso(minute), sampledValue: [{ value: register, context }] }];
  return v201.event(type, minute, seqNo, { evse: { id: 1, connectorId: 1 }, meterValue });
};

/** A transaction whose power rises from reading to reading, so that no reading lies on the line between two others. */
const transaction = fc
  .array(fc.tuple(fc.integer({ min: 12, max: 400 }), fc.integer({ min: 3000, max: 9000 })), {
    minLength: 2,
    maxLength: 9,
  })
  .map((steps): readonly Event[] => {
    let sec = started * 60;
    let wh = 50_000;
    let powerW = 0;
    const later = steps.map(([bySec, byW], index) => {
      sec += bySec;
      powerW += byW;
      wh += (powerW * bySec) / 3600;
      return event(index === steps.length - 1 ? 'Ended' : 'Updated', sec / 60, index + 1, Math.round(wh));
    });
    return [event('Started', started, 0, 50_000), ...later];
  });

const shuffled = transaction.chain((events) =>
  fc.record({
    events: fc.constant(events),
    order: fc.shuffledSubarray([...events], { minLength: events.length }),
    repeats: fc.array(fc.nat(events.length - 1), { maxLength: 20 }),
    isLive: fc.boolean(),
  }),
);

const delivered = (minuteOf: (index: number) => number, events: readonly Event[]) => {
  const station = conversation('2.0.1', { connectors });
  for (const [index, message] of events.entries()) station.say(minuteOf(index), 'TransactionEvent', message);
  return station;
};

describe('a transaction of OCPP 2.0.1 whose events come in any order', () => {
  it('has the energy and every minute that it has in order, whichever event was the first known', () => {
    fc.assert(
      fc.property(shuffled, ({ events, order, repeats, isLive }) => {
        const inOrder = delivered((index) => 61 + index / 50, events);
        const disordered = [...order, ...repeats.flatMap((index) => events[index] ?? [])];
        const inDisorder = delivered((index) => (isLive ? 61 : 300) + index / 50, disordered);
        expect(inDisorder.sessions.map((session) => line(session).slice(0, 4))).toEqual(
          inOrder.sessions.map((session) => line(session).slice(0, 4)),
        );
        const minutes = new Map(toldMinutes(inDisorder.changes).map(({ startAt, energyWh }) => [startAt, energyWh]));
        for (const { startAt, energyWh } of toldMinutes(inOrder.changes))
          expect(Math.abs((minutes.get(startAt) ?? 0) - energyWh)).toBeLessThanOrEqual(2);
        expect(inDisorder.windowWh()).toBeCloseTo(inOrder.windowWh(), 1);
        expect([inDisorder.connector(1)?.session, inDisorder.connector(1)?.past]).toEqual([undefined, undefined]);
      }),
      { numRuns: 500 },
    );
  });
});
