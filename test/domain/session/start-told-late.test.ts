import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, conversation, line, v16, v201 } from '../../support/conversation.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

const { start, values, stop } = v16;
const own = (minute: number, wh: number, id = 42, more: object = {}) => values(minute, wh, id, more);

/** The id the stack gives a start, from a conversation in which nothing came before it. */
const idOf = (message: object): number => Number(conversation('1.6').say(0, 'StartTransaction', message).transactionId);

describe('a stop of OCPP 1.6 that is told before any connector of its station is known', () => {
  it('is completed by the start that gets its id, without a tag and without a register', () => {
    const station = conversation('1.6');
    const begin = start(0, -1);
    station.say(31, 'StopTransaction', stop(30, 9000, idOf(begin)));
    expect(station.sessions.map(line)).toEqual([[String(idOf(begin)), 30, 30, 0, 'orphan']]);
    station.say(32, 'StartTransaction', begin);
    const [record, ...others] = station.sessions;
    expect([others, record && line(record).slice(1, 3)]).toEqual([[], [0, 30]]);
    expect(record?.flags).not.toContain('orphan');
    expect([station.connector(1)?.session, station.connector(1)?.past]).toEqual([undefined, undefined]);
  });

  it('finds its connector also through a reading that names the transaction', () => {
    const station = conversation('1.6');
    const begin = start(0, 1000);
    const id = idOf(begin);
    station.say(31, 'StopTransaction', stop(30, 4000, id));
    station.say(32, 'MeterValues', own(10, 3000, id));
    station.say(33, 'StartTransaction', begin);
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([[String(id), 0, 30, 3000]]);
    expect(toldMinutes(station.changes).find(({ startAt }) => startAt === at(5))?.energyWh).toBeCloseTo(200, 1);
  });
});

describe('an end of OCPP 2.0.1 that does not say where it was and is told first', () => {
  it.each([
    ['start', (v: typeof v201) => v.event('Started', 0, 0, { register: 1000, evse: { id: 1, connectorId: 1 } })],
  ])('finds its connector through the %s', (_, placed) => {
    const station = conversation('2.0.1');
    station.say(0, 'StatusNotification', v201.status(0, 'Available'));
    station.say(0, 'StatusNotification', v201.status(0, 'Available', 2));
    station.say(31, 'TransactionEvent', v201.event('Ended', 30, 2, { register: 4000 }));
    station.say(32, 'TransactionEvent', placed(v201));
    const events = v201.event('Updated', 10, 1, { register: 3000, evse: { id: 1, connectorId: 1 } });
    station.say(33, 'TransactionEvent', events);
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([['T1', 0, 30, 3000]]);
    expect(station.connector(1)?.session).toBe(undefined);
  });

  it('finds its connector through an update, and is completed by the start', () => {
    const station = conversation('2.0.1');
    station.say(0, 'StatusNotification', v201.status(0, 'Available'));
    station.say(0, 'StatusNotification', v201.status(0, 'Available', 2));
    const evse = { evse: { id: 1, connectorId: 1 } };
    station.say(31, 'TransactionEvent', v201.event('Ended', 30, 2, { register: 4000 }));
    station.say(32, 'TransactionEvent', v201.event('Updated', 10, 1, { register: 3000, ...evse }));
    station.say(33, 'TransactionEvent', v201.event('Started', 0, 0, { register: 1000, ...evse }));
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([['T1', 0, 30, 3000]]);
    expect(station.connector(1)?.session).toBe(undefined);
  });
});

describe('readings of OCPP 1.6 that come before their start', () => {
  const begin = start(0, 1000);
  const id = idOf(begin);
  const readings = [
    [10, 3000],
    [20, 3100],
    [25, 3900],
  ] as const;
  const minuteWh = (station: ReturnType<typeof conversation>, minute: number) =>
    toldMinutes(station.changes).find(({ startAt }) => startAt === at(minute))?.energyWh ?? 0;

  it.each([
    ['name their transaction', id],
    ['name no transaction', undefined],
    ['name one that nobody gave out', 77],
  ])('and %s are readings of the session, wherever its stop comes', (_, named) => {
    for (const stopPlace of [0, 1, 2]) {
      const station = conversation('1.6');
      const power = { measurand: 'Power.Active.Import', value: '4000' };
      const say = ([minute, wh]: readonly [number, number]) => {
        const { meterValue, ...message } = values(minute, wh, named);
        const [value] = meterValue;
        station.say(31, 'MeterValues', {
          ...message,
          meterValue: [{ ...value, sampledValue: [...(value?.sampledValue ?? []), power] }],
        });
      };
      const end = () => station.say(31, 'StopTransaction', stop(30, 4000, id, { idTag: 'TAG' }));
      station.say(0, 'StatusNotification', v16.status(-1, 'Available'));
      if (stopPlace === 0) end();
      for (const reading of readings) say(reading);
      if (stopPlace === 1) end();
      station.say(31, 'StartTransaction', begin);
      if (stopPlace === 2) end();
      const where = `stop ${stopPlace}, named ${named}`;
      expect([where, ...station.sessions.map((session) => line(session).slice(0, 4))]).toEqual([
        where,
        [String(id), 0, 30, 3000],
      ]);
      expect([where, station.windowWh()]).toEqual([where, 3000]);
      expect([where, minuteWh(station, 5), minuteWh(station, 15), minuteWh(station, 22)]).toEqual([
        where,
        200,
        10,
        160,
      ]);
      expect(station.connector(1)?.unclaimed).toBe(undefined);
    }
  });

  it('are kept once and in bounded number', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(1)), { maxLength: 400, size: 'max' }), (told) => {
        const station = conversation('1.6');
        for (const [minute, name] of told) station.say(400, 'MeterValues', own(minute, 1000 + minute * 10, 5 + name));
        const kept = station.connector(1)?.unclaimed ?? [];
        expect(kept.length).toBeLessThanOrEqual(100);
        expect(new Set(kept.map((reading) => JSON.stringify([reading.at, reading.transactionId]))).size).toBe(
          kept.length,
        );
      }),
      { numRuns: 20 },
    );
  });
});
