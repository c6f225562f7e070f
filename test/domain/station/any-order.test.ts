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
          expect([station.connector(1)?.session, station.connector(1)?.past]).toEqual([undefined, undefined]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
