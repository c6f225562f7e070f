import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversation, line, v201 } from '../../support/conversation.ts';

const evse = { evse: { id: 1, connectorId: 1 } };
const connectors = [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }];

/** Three sessions of one connector, one after the other, as an offline queue holds them. */
const queue = [0, 100, 200].flatMap((from, index) => {
  const id = `T${index}`;
  const base = 10_000 * (index + 1);
  const event = (type: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, register: number) =>
    v201.event(type, from + minute, seqNo, { id, register: base + register, offline: true, ...evse });
  return [
    event('Started', 0, 0, 0),
    event('Updated', 20, 1, 2000),
    event('Updated', 40, 2, 5000),
    event('Ended', 60, 3, 6000),
  ];
});

const live = (eventType: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, register: number) =>
  v201.event(eventType, minute, seqNo, { id: 'LIVE', register, ...evse });

describe('an offline queue of OCPP 2.0.1', () => {
  it('in any order and with repeats leads to every session with its times and energy, and to none open', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(queue, { minLength: queue.length }),
        fc.array(fc.nat(queue.length - 1), { maxLength: 6 }),
        (order, repeats) => {
          const station = conversation('2.0.1', { connectors });
          for (const message of order) station.say(1000, 'TransactionEvent', message);
          for (const index of repeats) station.say(1001, 'TransactionEvent', order[index] ?? queue[0] ?? {});
          expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([
            ['T0', 0, 60, 6000],
            ['T1', 100, 160, 6000],
            ['T2', 200, 260, 6000],
          ]);
          expect(station.windowWh()).toBeCloseTo(18_000, 1);
          expect([station.connector(1)?.session, station.connector(1)?.past]).toEqual([undefined, undefined]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('in any order beside a live session leaves that alone', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(queue, { minLength: queue.length }), (order) => {
        const station = conversation('2.0.1', { connectors });
        station.say(990, 'TransactionEvent', live('Started', 990, 0, 90_000));
        for (const [index, message] of order.entries()) {
          station.say(1000, 'TransactionEvent', message);
          if (index === 5) station.say(1000, 'TransactionEvent', live('Updated', 1000, 1, 93_000));
        }
        expect(station.connector(1)?.session).toMatchObject({ transactionId: 'LIVE', energyWh: 3000, powerW: 18_000 });
        station.say(1010, 'TransactionEvent', live('Ended', 1010, 2, 95_000));
        expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([
          ['T0', 0, 60, 6000],
          ['T1', 100, 160, 6000],
          ['T2', 200, 260, 6000],
          ['LIVE', 990, 1010, 5000],
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('with any messages lost tells no session twice, and none with more energy than there was', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(queue), (order) => {
        const station = conversation('2.0.1', { connectors });
        for (const message of order) station.say(1000, 'TransactionEvent', message);
        const { sessions } = station;
        expect(new Set(sessions.map(({ transactionId }) => transactionId)).size).toBe(sessions.length);
        for (const { curve, energyWh } of sessions) {
          const told = curve.map(([, wh]) => wh);
          expect([told[0], told.at(-1), told.toSorted((a, b) => a - b)]).toEqual([0, energyWh, told]);
          expect(energyWh).toBeLessThanOrEqual(6000);
        }
      }),
      { numRuns: 500 },
    );
  });
});
