import { describe, expect, it } from 'vitest';
import { type SessionUpdated, tagRefusals } from '../../../domain/kernel/fact.ts';
import { conversation, line, v16, v201 } from '../../support/conversation.ts';
import { sample, started, status, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { on, said } from '../../support/station-days.ts';

const { start, values, stop } = v16;
const refused = () => {
  const station = conversation('1.6', { tag: 'Blocked' });
  const { transactionId } = station.say(0, 'StartTransaction', start(0, 1000));
  return { station, id: Number(transactionId) };
};

describe('a start whose tag is refused', () => {
  it('is a refused authorization with its verdict, told once, and no session', () => {
    const { station, id } = refused();
    station.say(0, 'StartTransaction', start(0, 1000));
    station.say(1, 'MeterValues', values(1, 1001, id));
    station.say(1, 'StopTransaction', stop(1, 1002, id, { reason: 'DeAuthorized' }));
    station.say(2, 'StopTransaction', stop(1, 1002, id, { reason: 'DeAuthorized' }));
    expect(station.types).toEqual(['AuthorizationRefused']);
    expect(station.changes).toMatchObject([{ verdict: 'Blocked', tag: 'TAG', transactionId: String(id) }]);
    expect(station.connector(1)?.session).toBe(undefined);
    expect(station.sessions).toEqual([]);
  });

  it.each(tagRefusals)('says why: %s', (tagVerdict) => {
    expect(given(started(0, { tagVerdict })).changes).toMatchObject([
      { type: 'AuthorizationRefused', verdict: tagVerdict, at: expect.any(Number) },
    ]);
  });

  it('leaves a live session of the connector alone', () => {
    const { connector, ended } = given(
      started(0, { transactionId: 'LIVE' }),
      started(10, { transactionId: 'T2', tag: 'OTHER', tagVerdict: 'ConcurrentTx' }),
    );
    expect(connector(1)?.session?.transactionId).toBe('LIVE');
    expect(ended).toEqual([]);
  });

  it('becomes a session from its start on once a reading shows that energy flows', () => {
    const { station, id } = refused();
    station.say(1, 'MeterValues', values(1, 1100, id));
    expect(station.types.slice(0, 2)).toEqual(['AuthorizationRefused', 'SessionBegan']);
    expect(station.changes[1]).toMatchObject({ tagVerdict: 'Blocked' });
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 100, flags: ['tagRefused'] });
    station.say(2, 'StopTransaction', stop(2, 1250, id));
    expect(station.sessions.map(line)).toEqual([[String(id), 0, 2, 250, 'tagRefused']]);
    expect(station.windowWh()).toBe(250);
  });

  it('becomes a session where only power or only its stop shows that energy flowed', () => {
    expect(given(started(0, { tagVerdict: 'Invalid' }), sample(1, { powerW: 7000 })).types).toContain('SessionBegan');
    const { ended } = given(started(0, { tagVerdict: 'Expired' }), stopped(30, { meterStopWh: 4000 }));
    expect(ended).toMatchObject([{ energyWh: 3000, flags: ['tagRefused'] }]);
  });

  it('becomes a session without a flag once its tag is accepted after all', () => {
    const { connector } = given(
      started(0, { tagVerdict: 'Invalid' }),
      { ...said(started(1).at), type: 'SessionUpdated', transactionId: 'T1', tag: 'GOOD', ...on(1) },
      sample(2, { energyWh: 1200 }),
    );
    expect(connector(1)?.session).toMatchObject({ tag: 'GOOD', energyWh: 200, flags: [] });
  });

  it('is no session in OCPP 2.0.1 either', () => {
    const station = conversation('2.0.1', { tag: 'Blocked' });
    const token = { idToken: { idToken: 'TAG', type: 'ISO14443' }, evse: { id: 1, connectorId: 1 } };
    station.say(0, 'TransactionEvent', v201.event('Started', 0, 0, { register: 1000, ...token }));
    station.say(1, 'TransactionEvent', v201.event('Ended', 1, 1, { register: 1000 }));
    expect(station.types).toEqual(['AuthorizationRefused']);
  });
});

describe('a transaction of OCPP 2.0.1 that begins without a tag, which is then refused', () => {
  const evse = { evse: { id: 1, connectorId: 1 } };
  const idToken = { idToken: 'TAG', type: 'ISO14443' };
  const messages = {
    begins: v201.event('Started', 0, 0, { register: 1000, ...evse }),
    refused: v201.event('Updated', 1, 1, { register: 1003, idToken, ...evse }),
    waits: v201.event('Updated', 2, 2, { register: 1004, info: { chargingState: 'EVConnected' }, ...evse }),
    charges: v201.event('Updated', 3, 3, { register: 1200, info: { chargingState: 'Charging' }, ...evse }),
    ends: v201.event('Ended', 4, 4, { register: 1004, ...evse }),
    endsCharged: v201.event('Ended', 4, 4, { register: 1400, ...evse }),
  };
  const told = (...names: (keyof typeof messages)[]) => {
    const station = conversation('2.0.1', { tag: 'Blocked' });
    for (const name of names) station.say(4, 'TransactionEvent', messages[name]);
    return station;
  };

  it('was no session: the refusal takes it back, with what little its meter showed', () => {
    const station = told('begins', 'refused', 'waits', 'ends');
    const [began, refusal] = station.changes.filter(({ type }) => type === 'SessionBegan' || type.startsWith('Auth'));
    expect(refusal).toMatchObject({ type: 'AuthorizationRefused', verdict: 'Blocked', transactionId: 'T1' });
    expect(refusal).toMatchObject({ withdrawnSessionId: began?.type === 'SessionBegan' ? began.sessionId : 'none' });
    expect([station.sessions, station.connector(1)?.session, station.windowWh()]).toEqual([[], undefined, 0]);
  });

  it('is one refusal, however often and in whatever order it is told before its end', () => {
    for (const order of [
      ['refused', 'begins', 'waits', 'ends'],
      ['waits', 'refused', 'begins', 'ends'],
      ['begins', 'refused', 'begins', 'refused', 'waits', 'ends', 'ends'],
    ] as const) {
      const station = told(...order);
      expect(station.types.filter((type) => type === 'AuthorizationRefused')).toHaveLength(1);
      expect([order, station.sessions, station.connector(1)?.session]).toEqual([order, [], undefined]);
    }
  });

  it.each([
    ['begins', 'ends', 'refused'],
    ['ends', 'begins', 'refused'],
    ['refused', 'ends', 'begins'],
    ['ends', 'refused', 'begins'],
    ['begins', 'waits', 'ends', 'refused', 'waits', 'ends', 'begins'],
  ] as const)('was no session where it is told in the order %s, %s, %s', (...order) => {
    const station = told(...order);
    expect([station.sessions, station.connector(1)?.session, station.windowWh()]).toEqual([[], undefined, 0]);
    expect(new Set(station.changes.flatMap((one) => (one.type === 'AuthorizationRefused' ? [one.tag] : [])))).toEqual(
      new Set(['TAG']),
    );
  });

  it.each([
    ['the end, the start, the refusal', ['endsCharged', 'begins', 'refused']],
    ['the refusal, the end, the start', ['refused', 'endsCharged', 'begins']],
    ['the end, the refusal, the start', ['endsCharged', 'refused', 'begins']],
  ] as const)('is a session where the end shows energy, told in the order %s', (_, order) => {
    const station = told(...order);
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([['T1', 0, 4, 400]]);
    expect([station.sessions[0]?.flags.includes('tagRefused'), station.windowWh()]).toEqual([true, 400]);
  });

  it.each([
    ['charges', ['begins', 'refused', 'waits', 'charges', 'endsCharged']],
    ['stops with energy', ['begins', 'refused', 'waits', 'endsCharged']],
    ['charges, and was told backwards', ['refused', 'begins', 'charges', 'endsCharged']],
  ] as const)('is a session from its start on where the car %s', (_, order) => {
    const station = told(...order);
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([['T1', 0, 4, 400]]);
    expect(station.sessions[0]?.flags).toContain('tagRefused');
    expect(station.windowWh()).toBe(400);
  });

  it('is flagged where the refusal is told after the car began to charge', () => {
    const station = told('begins', 'charges', 'refused', 'refused', 'endsCharged');
    expect(station.types.filter((type) => type === 'AuthorizationRefused')).toHaveLength(1);
    expect(station.sessions.map(({ flags }) => flags.includes('tagRefused'))).toEqual([true]);
  });

  it('is flagged once it charges, and misses no message', () => {
    const station = told('begins', 'refused', 'waits', 'charges');
    expect(station.connector(1)?.session).toMatchObject({ startedAt: said(started(0).at).at, flags: ['tagRefused'] });
  });
});

describe('messages after a refused start that do not say where they are, at a station with two connectors', () => {
  const heardOf = [status(0, 'available'), status(0, 'available', on(2))] as const;
  const start = started(1, { tagVerdict: 'ConcurrentTx', ...on(2) });
  const charges: SessionUpdated = {
    ...said(started(2).at),
    type: 'SessionUpdated',
    transactionId: 'T1',
    chargingState: 'charging',
  };
  const news = heardOf.length;

  it('leave no session where the stop shows that nothing flowed', () => {
    const { types, ended } = given(...heardOf, start, stopped(2, { meterStopWh: 1000 }));
    expect(types.slice(news)).toEqual(['AuthorizationRefused']);
    expect(ended).toEqual([]);
  });

  it('make the session begin at its start where the stop shows that energy flowed', () => {
    const { ended } = given(...heardOf, start, stopped(30, { meterStopWh: 4000 }));
    expect(ended).toMatchObject([
      { startedAt: start.at, energyWh: 3000, tag: 'TAG', meterStartWh: 1000, flags: ['tagRefused'], ...on(2) },
    ]);
  });

  it('make the session begin at its start where the car is said to charge', () => {
    const { connector } = given(...heardOf, start, charges);
    expect(connector(2)?.session).toMatchObject({ startedAt: start.at, tag: 'TAG', flags: ['tagRefused'] });
  });

  it('belong to the refused start where an older transaction on another connector had its id', () => {
    const { ended } = given(
      started(-90),
      stopped(-60, { meterStopWh: 3000 }),
      start,
      stopped(30, { meterStopWh: 4000 }),
    );
    expect(ended).toMatchObject([on(1), { startedAt: start.at, energyWh: 3000, ...on(2) }]);
  });

  it('belong to the newer session where the refused start is the older one', () => {
    const { ended } = given(start, started(60), stopped(90, { meterStopWh: 3000 }), stopped(90, { meterStopWh: 3000 }));
    expect(ended).toMatchObject([{ startedAt: started(60).at, energyWh: 2000, ...on(1) }]);
    expect(ended).toHaveLength(1);
  });

  it('leave no session in OCPP 1.6, where a stop never says where it is', () => {
    const station = conversation('1.6', { tag: 'Blocked' });
    station.say(0, 'StatusNotification', v16.status(0, 'Available'));
    station.say(0, 'StatusNotification', v16.status(0, 'Available', 2));
    const { transactionId } = station.say(1, 'StartTransaction', v16.start(1, 1000, 'TAG', 2));
    station.say(2, 'StopTransaction', stop(2, 1000, Number(transactionId), { reason: 'DeAuthorized', idTag: 'TAG' }));
    expect(station.types.at(-1)).toBe('AuthorizationRefused');
    expect(station.sessions).toEqual([]);
  });
});

describe('a refused start that does not say where it was', () => {
  it('is no session of the station either', () => {
    const { evseId: _, connectorId: __, ...placeless } = started(0, { tagVerdict: 'Blocked' });
    const { types } = given(
      status(0, 'available'),
      status(0, 'available', on(2)),
      placeless,
      stopped(1, { meterStopWh: 1000 }),
    );
    expect(types.slice(2)).toEqual(['AuthorizationRefused']);
  });
});

describe('a card refused at a running session', () => {
  it('is recorded as a refused authorization and leaves the session as it was', () => {
    const { connector, changes } = given(started(0), {
      ...said(started(5).at),
      type: 'SessionUpdated',
      transactionId: 'T1',
      tag: 'STRANGER',
      tagVerdict: 'Invalid',
      ...on(1),
    });
    expect(changes.at(-1)).toMatchObject({ type: 'AuthorizationRefused', tag: 'STRANGER', verdict: 'Invalid' });
    expect(connector(1)?.session).toMatchObject({ tag: 'TAG', flags: [] });
  });
});
