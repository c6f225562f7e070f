import { describe, expect, it } from 'vitest';
import { conversation, line, v16, v201 } from '../../support/conversation.ts';

const { start, values, stop } = v16;
const reasons = (station: ReturnType<typeof conversation>) =>
  station.changes.flatMap((change) => (change.type === 'MeterSuspected' ? [change.why] : []));
const REFUSED = 'a register was told that no meter can show';

/** A session of OCPP 1.6 from minute 0 to 30 with 3,000 Wh, in which the meter showed one thing it cannot. */
const session16 = (said: (station: ReturnType<typeof conversation>, id: number) => void) => {
  const station = conversation('1.6');
  const id = Number(station.say(0, 'StartTransaction', start(0, 1000)).transactionId);
  station.say(10, 'MeterValues', values(10, 2000, id));
  said(station, id);
  station.say(30, 'StopTransaction', stop(30, 4000, id));
  return station;
};

describe('a register that no meter can show', () => {
  it.each([
    ['negative', '-100', {}],
    ['beyond any register', '1e14', {}],
    ['no number', 'NaN', {}],
    ['in a unit that is none of energy', '2100', { unit: 'V' }],
    ['negative on one phase of three', '-5', { phase: 'L2' }],
  ])('(%s) inside MeterValues is left out, and its session says so', (_, value, more) => {
    const station = session16((own, id) => own.say(11, 'MeterValues', values(11, Number.NaN, id, { value, ...more })));
    expect(station.sessions.map((session) => line(session).slice(3))).toEqual([[3000, 'meterSuspect']]);
    expect(reasons(station)).toEqual([REFUSED]);
  });

  it('beside a power is left out, and the power counts', () => {
    const power = { value: '7000', measurand: 'Power.Active.Import' };
    const station = conversation('1.6');
    const id = Number(station.say(0, 'StartTransaction', start(0, 1000)).transactionId);
    const sampledValue = [{ value: '-1' }, power];
    station.say(1, 'MeterValues', {
      connectorId: 1,
      transactionId: id,
      meterValue: [{ timestamp: values(1, 0).meterValue[0]?.timestamp, sampledValue }],
    });
    expect(station.connector(1)?.session).toMatchObject({ powerW: 7000, flags: ['meterSuspect', 'energyEstimated'] });
  });

  it('in the transactionData of a stop flags the session that it ends', () => {
    const station = conversation('1.6');
    const id = Number(station.say(0, 'StartTransaction', start(0, 1000)).transactionId);
    const transactionData = values(29, -7).meterValue;
    station.say(30, 'StopTransaction', stop(30, 4000, id, { transactionData }));
    expect(station.sessions.map((session) => line(session).slice(3))).toEqual([[3000, 'meterSuspect']]);
  });

  it('that arrives after the stop flags the record, once', () => {
    const station = session16(() => undefined);
    const id = Number(station.sessions[0]?.transactionId);
    station.say(31, 'MeterValues', values(20, -1, id));
    station.say(32, 'MeterValues', values(20, -1, id));
    expect(station.sessions.map((session) => line(session).slice(3))).toEqual([[3000, 'meterSuspect', 'lateArrival']]);
    expect(reasons(station)).toEqual([REFUSED]);
  });

  it('beside a total of the same reading matters to nobody where it is one of a phase', () => {
    const station = session16((own, id) =>
      own.say(11, 'MeterValues', {
        ...values(11, 2100, id),
        meterValue: [
          {
            timestamp: values(11, 0).meterValue[0]?.timestamp,
            sampledValue: [{ value: '2100' }, { value: '-1', phase: 'L3' }],
          },
        ],
      }),
    );
    expect(station.sessions.map((session) => line(session).slice(3))).toEqual([[3000]]);
  });

  const events = ['Started', 'Updated', 'Ended'] as const;
  it.each(events.flatMap((wrong) => [false, true].map((isReversed) => [wrong, isReversed] as const)))(
    'in the %s event of OCPP 2.0.1 flags its session (told backwards: %s)',
    (wrong, isReversed) => {
      const station = conversation('2.0.1');
      const inOrder = events.map((type, index) =>
        v201.event(type, index * 10, index, {
          register: type === wrong ? -1 : 1000 + index * 1000,
          evse: { id: 1, connectorId: 1 },
        }),
      );
      for (const event of isReversed ? inOrder.toReversed() : inOrder) station.say(21, 'TransactionEvent', event);
      expect(station.sessions.map(({ flags }) => flags.includes('meterSuspect'))).toEqual([true]);
    },
  );
});
