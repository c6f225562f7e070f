import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../domain/events/published-event.ts';
import { at, conversation, iso, line, v201 } from '../../support/conversation.ts';

const { event, status } = v201;
const evse = (id: number, connectorId?: number) => ({
  evse: { id, ...(connectorId === undefined ? {} : { connectorId }) },
});
const connectors = [1, 2].map((connectorId) => ({ evseId: 1, connectorId, connectorType: 'CCS', ratedW: 50_000 }));
/** One EVSE with two cables, of which one is in use at a time. */
const twoCables = () => conversation('2.0.1', { connectors });
const oneCable = () => conversation('2.0.1', { connectors: connectors.slice(0, 1) });

describe('an OCPP 2.0.1 transaction', () => {
  it('is one session, refines Occupied, and leaves a plain status after its end', () => {
    const station = oneCable();
    station.say(0, 'StatusNotification', status(0, 'Occupied'));
    const seen = [station.connector(1)?.status];
    const say = (eventType: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, chargingState: string) => {
      const register = 1000 + minute * 100;
      station.say(
        minute,
        'TransactionEvent',
        event(eventType, minute, seqNo, { register, info: { chargingState }, ...evse(1, 1) }),
      );
      seen.push(station.connector(1)?.status);
    };
    say('Started', 1, 0, 'EVConnected');
    say('Updated', 2, 1, 'Charging');
    say('Updated', 3, 2, 'SuspendedEV');
    say('Updated', 4, 3, 'EVConnected');
    say('Ended', 5, 4, 'Idle');
    expect(seen).toEqual(['occupied', 'preparing', 'charging', 'suspendedEV', 'finishing', 'occupied']);
    expect(station.sessions.map(line)).toEqual([['T1', 1, 5, 400]]);
    expect(station.windowWh()).toBe(400);
  });

  it('that ends before it starts is completed by its start, and opened by nothing', () => {
    const station = oneCable();
    station.say(60, 'TransactionEvent', event('Ended', 40, 3, { register: 5000, offline: true, ...evse(1, 1) }));
    expect(station.sessions.map(line)).toEqual([['T1', 40, 40, 0, 'orphan', 'lateArrival']]);
    const start = event('Started', 0, 0, {
      register: 1000,
      offline: true,
      idToken: { idToken: 'TAG', type: 'ISO14443' },
      ...evse(1, 1),
    });
    station.say(61, 'TransactionEvent', start);
    station.say(62, 'TransactionEvent', event('Updated', 20, 1, { register: 4000, offline: true }));
    station.say(63, 'TransactionEvent', event('Updated', 20, 1, { register: 4000, offline: true }));
    station.say(64, 'TransactionEvent', start);
    expect(station.sessions.map(line)).toEqual([['T1', 0, 40, 4000, 'lateArrival']]);
    expect(station.sessions[0]).toMatchObject({
      tag: 'TAG',
      curve: [
        [0, 0],
        [1200, 3000],
        [2400, 4000],
      ],
    });
    expect(station.connector(1)?.session).toBe(undefined);
    expect(station.connector(1)?.past).toBe(undefined);
    expect(station.types.filter((type) => type === 'SessionBegan')).toEqual([]);
  });

  it('is not opened again by an update after its end, which still raises what the end did not tell', () => {
    const station = oneCable();
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000, ...evse(1, 1) }));
    station.say(30, 'TransactionEvent', event('Ended', 30, 3));
    station.say(31, 'TransactionEvent', event('Updated', 20, 2, { register: 4000 }));
    expect(station.sessions.map(line)).toEqual([['T1', 0, 30, 3000, 'seqGap', 'lateArrival']]);
    expect(station.windowWh()).toBe(3000);
    expect(station.connector(1)?.session).toBe(undefined);
  });

  it('takes what comes out of order and twice as it happened', () => {
    const station = oneCable();
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000, ...evse(1, 1) }));
    station.say(
      42,
      'TransactionEvent',
      event('Updated', 40, 2, { register: 4000, info: { chargingState: 'SuspendedEV' } }),
    );
    station.say(
      43,
      'TransactionEvent',
      event('Updated', 20, 1, { register: 3000, info: { chargingState: 'Charging' } }),
    );
    station.say(
      43,
      'TransactionEvent',
      event('Updated', 20, 1, { register: 3000, info: { chargingState: 'Charging' } }),
    );
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 3000, chargingState: 'suspendedEV', seqNo: 2 });
  });

  it('runs on the cable that is in use where it names only its EVSE', () => {
    const station = twoCables();
    station.say(0, 'StatusNotification', status(0, 'Available', 1, 1));
    station.say(1, 'StatusNotification', status(1, 'Occupied', 1, 2));
    station.say(2, 'TransactionEvent', event('Started', 2, 0, { register: 1000, ...evse(1) }));
    station.say(3, 'MeterValues', { evseId: 1, meterValue: event('Updated', 3, 1, { register: 1500 }).meterValue });
    station.say(4, 'TransactionEvent', event('Ended', 4, 1, { register: 2000 }));
    expect(station.connector(1)?.recent).toEqual([]);
    expect(station.sessions).toMatchObject([{ connectorId: 2, startedAt: at(2), energyWh: 1000 }]);
  });

  describe('that names only its EVSE before anything is plugged in', () => {
    const token = { idToken: { idToken: 'ANNA', type: 'ISO14443' } };
    /** A session with a message at the minutes 2, 10, 20 and 30, each told twice, of which some name its connector. */
    const told = (isNamed: (seqNo: number) => boolean) => {
      const station = twoCables();
      for (const id of [1, 2]) station.say(0, 'StatusNotification', status(0, 'Available', 1, id));
      const say = (eventType: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, more: object = {}) => {
        const where = evse(1, isNamed(seqNo) ? 2 : undefined);
        const message = event(eventType, minute, seqNo, { register: 1000 + 100 * minute, ...where, ...more });
        station.say(minute, 'TransactionEvent', message);
        station.say(minute, 'TransactionEvent', message);
      };
      say('Started', 2, 0, { triggerReason: 'Authorized', ...token });
      station.say(9, 'StatusNotification', status(9, 'Occupied', 1, 2));
      say('Updated', 10, 1, { info: { chargingState: 'Charging' } });
      say('Updated', 20, 2);
      const live = station.aggregate.connectors.map(({ session, status: shown }) => [session?.tag, shown]);
      say('Ended', 30, 3);
      return { station, live };
    };
    const free = [undefined, 'available'];
    const charging = ['ANNA', 'charging'];

    it.each([
      ['when it is plugged in', (seqNo: number) => seqNo === 1, [free, charging]],
      ['from then on', (seqNo: number) => seqNo >= 1, [free, charging]],
      ['after energy has flowed', (seqNo: number) => seqNo === 2, [free, charging]],
      [
        'at its end',
        (seqNo: number) => seqNo === 3,
        [
          ['ANNA', 'available'],
          [undefined, 'occupied'],
        ],
      ],
    ])('is one session, of the connector that is named %s', (_, isNamed, live) => {
      const { station, live: shown } = told(isNamed);
      expect(shown).toEqual(live);
      expect(station.sessions).toMatchObject([{ connectorId: 2, tag: 'ANNA', startedAt: at(2), energyWh: 2800 }]);
      expect(station.sessions.map(line)).toEqual([['T1', 2, 30, 2800]]);
      expect([station.windowWh(1), station.windowWh(2)]).toEqual([0, 2800]);
      expect(station.aggregate.connectors.map(({ session }) => session)).toEqual([undefined, undefined]);
    });

    it.each([
      ['whose tag is accepted after all', 'GOOD', [['T1', 2, 30, 2800]]],
      ['that delivers all the same', undefined, [['T1', 2, 30, 2800, 'tagRefused']]],
    ])('and whose tag was refused is one session %s, of the connector that is named then', (_, accepted, sessions) => {
      const idToken = (id: string) => ({ idToken: { idToken: id, type: 'ISO14443' } });
      const station = conversation('2.0.1', {
        connectors,
        tag: (presented) => (presented === 'BAD' ? 'Blocked' : 'Accepted'),
      });
      for (const id of [1, 2]) station.say(0, 'StatusNotification', status(0, 'Available', 1, id));
      const say = (eventType: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, more: object = {}) =>
        station.say(
          minute,
          'TransactionEvent',
          event(eventType, minute, seqNo, { register: 1000 + 100 * minute, ...more }),
        );
      say('Started', 2, 0, { ...evse(1), ...idToken('BAD') });
      say('Updated', 3, 1, { ...evse(1), register: 1200 });
      say('Updated', 10, 2, { ...evse(1, 2), register: 1200, ...(accepted ? idToken(accepted) : {}) });
      say('Updated', 20, 3, evse(1, 2));
      say('Ended', 30, 4, evse(1, 2));
      expect(station.sessions).toMatchObject([{ connectorId: 2, tag: accepted ?? 'BAD' }]);
      expect(station.sessions.map(line)).toEqual(sessions);
      expect(station.aggregate.connectors.map(({ refused, unclaimed }) => [refused, unclaimed])).toEqual([
        [undefined, undefined],
        [undefined, undefined],
      ]);
    });

    it('is told to have begun once more where it moves, as an event of its own', () => {
      const { station } = told((seqNo) => seqNo >= 1);
      const began = station.changes.filter((change) => change.type === 'SessionBegan');
      const [{ sessionId } = { sessionId: '' }] = station.sessions;
      expect(began.map((change) => [change.connectorId, eventIdOf('S1', change)])).toEqual([
        [1, `S1/${sessionId}/began`],
        [2, `S1/${sessionId}/began/1.2`],
      ]);
    });

    it('is another one on the other cable under an id that is used again, though its end before was inferred', () => {
      const station = twoCables();
      const say = (connectorId: number, eventType: 'Started' | 'Updated' | 'Ended', minute: number) =>
        station.say(
          minute,
          'TransactionEvent',
          event(eventType, minute, minute, { register: 100 * minute, ...evse(1, connectorId) }),
        );
      say(1, 'Started', 0);
      say(1, 'Updated', 10);
      station.find(60, { type: 'SessionAbandoned', at: at(60), evseId: 1, connectorId: 1, transactionId: 'T1' });
      say(2, 'Started', 120);
      say(2, 'Ended', 140);
      const began = station.changes.filter((change) => change.type === 'SessionBegan');
      expect(began.map(({ connectorId, at: beganAt }) => [connectorId, beganAt])).toEqual([
        [1, at(0)],
        [2, at(120)],
      ]);
      expect(station.sessions.map(({ connectorId, energyWh }) => [connectorId, energyWh])).toEqual([
        [1, 1000],
        [2, 2000],
      ]);
    });

    it('is over where it ended, whatever a late message names', () => {
      const { station } = told(() => false);
      const late = event('Updated', 15, 4, { register: 2600, ...evse(1, 2) });
      station.say(31, 'TransactionEvent', late);
      expect(station.sessions).toMatchObject([{ connectorId: 1, tag: 'ANNA', energyWh: 2800 }]);
      expect(station.windowWh(1)).toBe(2800);
      expect(station.aggregate.connectors.map(({ session }) => session)).toEqual([undefined, undefined]);
    });

    it('ends what was left open on the connector that is named, and is another session from its next start on', () => {
      const station = twoCables();
      const say = (id: string, minute: number, seqNo: number, eventType: 'Started' | 'Updated', connectorId?: number) =>
        station.say(
          minute,
          'TransactionEvent',
          event(eventType, minute, seqNo, { id, register: 100 * minute, ...evse(1, connectorId) }),
        );
      say('A', 0, 0, 'Started', 2);
      say('A', 10, 1, 'Updated', 2);
      say('B', 20, 0, 'Started', 1);
      say('B', 30, 1, 'Updated', 2);
      expect(station.sessions.map(line)).toEqual([['A', 0, 10, 1000, 'inferredStop']]);
      say('B', 60, 0, 'Started', 1);
      const open = station.aggregate.connectors.map(({ session }) => session && [session.startedAt, session.energyWh]);
      expect(open).toEqual([
        [at(20), 1000],
        [at(60), 0],
      ]);
    });
  });

  it('never makes a connector of a connectorId that is missing', () => {
    const station = twoCables();
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000 }));
    expect(station.aggregate.connectors).toEqual([]);
    expect(station.aggregate.station.state?.unplaced).toMatchObject([
      { type: 'SessionStarted', transactionId: 'T1' },
      { type: 'MeterSampled', transactionId: 'T1' },
    ]);
  });

  it('told without its EVSE before its start goes to the connector that a later event names, with its readings', () => {
    const station = twoCables();
    station.say(3, 'TransactionEvent', event('Updated', 2, 1, { register: 1300 }));
    station.say(3, 'TransactionEvent', event('Updated', 1, 2, { register: 1100 }));
    expect(station.types).toEqual([]);
    station.say(3, 'TransactionEvent', event('Started', 0, 0, { register: 1000, ...evse(1, 2) }));
    station.say(4, 'TransactionEvent', event('Ended', 4, 3, { register: 2000 }));
    expect(station.sessions).toMatchObject([
      {
        connectorId: 2,
        energyWh: 1000,
        curve: [
          [0, 0],
          [60, 100],
          [120, 300],
          [240, 1000],
        ],
      },
    ]);
    expect(station.aggregate.station.state?.unplaced ?? []).toEqual([]);
  });

  it('that ended before any event named its EVSE moves to the connector that a late one names', () => {
    const station = twoCables();
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000 }));
    station.say(4, 'TransactionEvent', event('Ended', 4, 2, { register: 2000 }));
    expect(station.sessions).toMatchObject([{ evseId: 0, connectorId: 0, energyWh: 1000 }]);
    station.say(5, 'TransactionEvent', event('Updated', 2, 1, { register: 1200, ...evse(1, 2) }));
    expect(station.sessions).toMatchObject([
      {
        evseId: 1,
        connectorId: 2,
        energyWh: 1000,
        curve: [
          [0, 0],
          [120, 200],
          [240, 1000],
        ],
      },
    ]);
    expect(station.windowWh(2)).toBe(1000);
  });

  it('from the past is completed beside the live one, its flags saying how it came', () => {
    const station = oneCable();
    station.say(600, 'TransactionEvent', event('Started', 600, 0, { id: 'LIVE', register: 9000, ...evse(1, 1) }));
    const old = (eventType: 'Started' | 'Updated' | 'Ended', minute: number, seqNo: number, register: number) =>
      station.say(
        601,
        'TransactionEvent',
        event(eventType, minute, seqNo, { id: 'OLD', register, offline: true, ...evse(1, 1) }),
      );
    old('Started', 0, 0, 1000);
    old('Updated', 20, 1, 3000);
    old('Ended', 40, 3, 5000);
    expect(station.sessions.map(line)).toEqual([['OLD', 0, 40, 4000, 'lateArrival', 'seqGap']]);
    expect(station.connector(1)?.session).toMatchObject({ transactionId: 'LIVE', energyWh: 0 });
  });

  it.each([
    { driver: 'ANNA', owner: 'ANNA' },
    { driver: undefined, owner: 'MASTER' },
  ])('of $driver is of $owner after a master pass stopped it', ({ driver, owner }) => {
    const token = (idToken: string) => ({ idToken: { idToken, type: 'ISO14443' } });
    const station = oneCable();
    const of = driver === undefined ? {} : token(driver);
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000, ...evse(1, 1), ...of }));
    const info = { chargingState: 'EVConnected' };
    const stop = { triggerReason: 'StopAuthorized', info, ...token('MASTER') };
    station.say(21, 'TransactionEvent', event('Updated', 21, 1, stop));
    expect(station.connector(1)?.session?.tag).toBe(owner);
    station.say(25, 'TransactionEvent', event('Ended', 25, 2, { register: 6200, ...token('MASTER') }));
    expect(station.sessions).toMatchObject([{ tag: owner, energyWh: 5200 }]);
    const told = station.changes.filter((change) => change.type === 'SessionProgressed').map(({ tag }) => tag);
    expect(told).toEqual([driver === undefined ? owner : undefined]);
  });

  it.each([
    ['with its end', true],
    ['without one, so that it ends by inference', false],
  ])('whose registers come in updates only leaves its register to the next one, %s', (_, isEnded) => {
    const station = oneCable();
    const read = (minute: number, register: number, context = 'Sample.Periodic') =>
      station.say(minute, 'MeterValues', {
        evseId: 1,
        meterValue: [{ timestamp: iso(minute), sampledValue: [{ value: register, context }] }],
      });
    const say = (id: string, eventType: 'Started' | 'Updated' | 'Ended', minute: number, register?: number) =>
      station.say(
        minute,
        'TransactionEvent',
        event(eventType, minute, minute, { id, ...evse(1, 1), ...(register === undefined ? {} : { register }) }),
      );
    read(-10, 100_000);
    say('A', 'Started', 0);
    say('A', 'Updated', 10, 103_000);
    say('A', 'Updated', 30, 109_000);
    if (isEnded) say('A', 'Ended', 31);
    say('B', 'Started', 40);
    say('B', 'Updated', 55, 110_000);
    say('B', 'Ended', 60);
    expect(station.sessions.map(({ transactionId, energyWh }) => [transactionId, energyWh])).toEqual([
      ['A', 9000],
      ['B', 1000],
    ]);
    // What flowed between its last reading and its end is no session's: the next reading is one of an idle connector.
    read(62, 110_200);
    expect(station.connector(1)).toMatchObject({ idle: { at: at(62), energyWh: 110_200 } });
    expect(station.connector(1)?.unclaimed).toBe(undefined);
  });

  it.each([
    ['was read days before it', 1, 31, 4320, [9000, 1000]],
    ['was read a while before the end of the last one, which drew on', 1, 39, 40, [9000, 1000]],
    ['was read before the other cable of its EVSE drew', 2, 31, 45, [9000, 2000, 1000]],
  ])('without a register of its start is not billed from one that %s', (_, between, endMinute, minute, energiesWh) => {
    const station = conversation('2.0.1', {
      connectors: [1, 2].map((connectorId) => ({ evseId: 1, connectorId, connectorType: 'Type2', ratedW: 22_000 })),
    });
    const say = (id: string, connector: number, type: 'Started' | 'Updated' | 'Ended', at: number, register?: number) =>
      station.say(
        at,
        'TransactionEvent',
        event(type, at, at, { id, ...evse(1, connector), ...(register === undefined ? {} : { register }) }),
      );
    say('A', 1, 'Started', 0, 100_000);
    say('A', 1, 'Updated', 30, 109_000);
    say('A', 1, 'Ended', endMinute);
    if (between === 2) {
      say('B', 2, 'Started', 32, 109_000);
      say('B', 2, 'Updated', 43, 111_000);
      say('B', 2, 'Ended', 44);
    }
    say('C', 1, 'Started', minute);
    say('C', 1, 'Updated', minute + 10, 112_000);
    say('C', 1, 'Updated', minute + 20, 113_000);
    say('C', 1, 'Ended', minute + 21);
    expect(station.sessions.map(({ energyWh }) => energyWh)).toEqual(energiesWh);
  });

  it('that counts its own register leaves none to the next one', () => {
    const station = oneCable();
    for (const [id, minute] of [
      ['A', 0],
      ['B', 60],
    ] as const) {
      const say = (eventType: 'Started' | 'Updated' | 'Ended', after: number, more: object = {}) =>
        station.say(
          minute + after,
          'TransactionEvent',
          event(eventType, minute + after, after, { id, ...evse(1, 1), ...more }),
        );
      say('Started', 0, { register: 0 });
      say('Updated', 20, { register: 3000 });
      say('Ended', 21);
    }
    expect(station.sessions.map(({ energyWh }) => energyWh)).toEqual([3000, 3000]);
    expect(station.connector(1)?.idle).toBe(undefined);
  });

  it('without duration keeps its energy', () => {
    const station = oneCable();
    station.say(0, 'TransactionEvent', event('Started', 0, 0, { register: 1000, ...evse(1, 1) }));
    station.say(0, 'TransactionEvent', event('Ended', 0, 1, { register: 1032 }));
    expect(station.sessions.map(line)).toEqual([['T1', 0, 0, 32]]);
    expect(station.windowWh()).toBe(32);
  });

  it('is another one when its id is used again, whether the first had ended or not', () => {
    const station = oneCable();
    const begin = (minute: number, register: number) =>
      station.say(minute, 'TransactionEvent', event('Started', minute, 0, { id: '1', register, ...evse(1, 1) }));
    begin(0, 1000);
    station.say(5, 'TransactionEvent', event('Updated', 5, 1, { id: '1', register: 1500 }));
    begin(60, 1500);
    begin(60, 1500);
    station.say(70, 'TransactionEvent', event('Ended', 70, 1, { id: '1', register: 2500 }));
    begin(80, 2500);
    station.say(90, 'TransactionEvent', event('Ended', 90, 1, { id: '1', register: 2600 }));
    expect(station.sessions.map(line)).toEqual([
      ['1', 0, 5, 500, 'inferredStop'],
      ['1', 60, 70, 1000],
      ['1', 80, 90, 100],
    ]);
    expect(station.windowWh()).toBe(1600);
  });
});
