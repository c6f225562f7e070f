import { describe, expect, it } from 'vitest';
import { at, conversation, iso, line, v16 } from '../../support/conversation.ts';

const begun = (minute: number, meterStart: number, receivedAt = minute, idTag = 'TAG') => {
  const station = conversation('1.6');
  const transactionId = Number(
    station.say(receivedAt, 'StartTransaction', v16.start(minute, meterStart, idTag)).transactionId,
  );
  return { station, transactionId };
};
const { start, values, stop, status } = v16;

describe('an OCPP 1.6 session', () => {
  it('is one session from start to stop, with its item and outbox whole', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(1, 'MeterValues', values(1, 1100, transactionId));
    expect(station.connector(1)?.session).toEqual({
      sessionId: `S1.${transactionId}.${Math.floor(at(0) / 1000).toString(36)}`,
      transactionId: String(transactionId),
      tag: 'TAG',
      startedAt: at(0),
      meterStartWh: 1000,
      register: { zeroWh: 1000, factor: 1, carriedWh: 0 },
      energyWh: 100,
      powerW: 6000,
      sampledAt: at(1),
      deliveredAt: at(1),
      curve: [
        [0, 0],
        [60, 100],
      ],
      corridor: [0, 1e6],
      times: { runs: [[60, 0, 1]] },
      flags: [],
    });
    station.say(2, 'StopTransaction', stop(2, 1250, transactionId, { reason: 'Remote' }));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 2, 250]]);
    expect(station.windowWh()).toBe(250);
    expect(station.types).toEqual(['SessionBegan', 'MinuteClosed', 'SessionMeasured', 'MinuteClosed', 'SessionEnded']);
    expect(station.connector(1)).toMatchObject({ idle: { at: at(2), energyWh: 1250 }, status: 'unknown' });
  });

  it('has power from its register where the station reports none, and zero once nothing flows', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(1, 'MeterValues', values(1, 1100, transactionId));
    expect(station.connector(1)?.session?.powerW).toBe(6000);
    station.say(2, 'MeterValues', values(2, 1100, transactionId));
    expect(station.connector(1)?.session?.powerW).toBe(0);
  });

  it('is one when its start is sent again with its old stamp, also after its end', () => {
    const { station, transactionId } = begun(0, 1000);
    expect(station.say(7, 'StartTransaction', start(0, 1000)).transactionId).toBe(transactionId);
    station.say(8, 'StopTransaction', stop(8, 1500, transactionId));
    station.say(9, 'StartTransaction', start(0, 1000));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 8, 500]]);
    expect(station.connector(1)?.session).toBe(undefined);
  });

  it.each(['1970-01-01T00:00:00Z', ''])('is one of its own each day where every stamp is %j', (timestamp) => {
    const station = conversation('1.6');
    for (const day of [0, 1, 2]) {
      const minute = day * 1440;
      const began = station.say(minute, 'StartTransaction', { ...start(0, 0), timestamp });
      const transactionId = Number(began.transactionId);
      const meterValue = [{ timestamp, sampledValue: [{ value: '5000' }] }];
      station.say(minute + 30, 'MeterValues', { connectorId: 1, transactionId, meterValue });
      expect(station.connector(1)?.session?.energyWh).toBe(5000);
      station.say(minute + 60, 'StopTransaction', { ...stop(0, 9000, transactionId), timestamp });
    }
    const told = station.sessions.map(({ startedAt, endedAt, energyWh }) => [startedAt, endedAt, energyWh]);
    expect(told).toEqual([0, 1440, 2880].map((minute) => [at(minute), at(minute + 60), 9000]));
  });

  it('ends with a stop that never learned its id, by tag without case, meter and time', () => {
    for (const unknown of [0, -1]) {
      const { station, transactionId } = begun(0, 1000);
      station.say(10, 'StopTransaction', stop(10, 2000, unknown, { idTag: 'tag' }));
      expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 10, 1000]]);
    }
  });

  it('of the past ends so as well, beside the live one', () => {
    const { station, transactionId } = begun(60, 9000);
    const past = Number(station.say(61, 'StartTransaction', start(0, 1000)).transactionId);
    station.say(61, 'MeterValues', values(20, 1500, -1));
    station.say(61, 'StopTransaction', stop(40, 2000, -1, { idTag: 'TAG' }));
    expect(station.sessions.map(line)).toEqual([[String(past), 0, 40, 1000, 'lateArrival']]);
    expect(station.sessions[0]?.curve).toEqual([
      [0, 0],
      [1200, 500],
      [2400, 1000],
    ]);
    expect(station.connector(1)?.session).toMatchObject({ transactionId: String(transactionId), energyWh: 0 });
  });

  it('takes readings without an id, or with one nobody gave out, by their time', () => {
    const { station } = begun(0, 1000);
    station.say(1, 'MeterValues', values(1, 1100));
    station.say(2, 'MeterValues', values(2, 1200, 77_777));
    expect(station.connector(1)?.session?.energyWh).toBe(200);
    station.say(3, 'MeterValues', values(3, 1300, undefined, { context: 'Sample.Clock' }));
    expect(station.connector(1)?.session?.energyWh).toBe(200);
    expect(station.connector(1)?.idle).toEqual({ at: at(3), energyWh: 1300, isOfNone: true });
  });

  it('is over for good: readings that still name it days later are the connector’s', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(10, 'StopTransaction', stop(10, 2000, transactionId));
    const before = station.types.length;
    station.say(2890, 'MeterValues', values(2890, 2000, transactionId));
    expect(station.types.slice(before)).toEqual([]);
    expect(station.connector(1)).toMatchObject({ idle: { at: at(2890), energyWh: 2000 } });
    expect(station.connector(1)?.session).toBe(undefined);
  });

  it('without a stop ends when the next one begins; its late stop amends it and leaves the live one alone', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(5, 'MeterValues', values(5, 1500, transactionId));
    const next = Number(station.say(60, 'StartTransaction', start(60, 2100, 'OTHER')).transactionId);
    station.say(61, 'StopTransaction', stop(20, 2100, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 20, 1100, 'lateArrival']]);
    expect(station.connector(1)?.session?.transactionId).toBe(String(next));
  });

  it('without a stop stays as it is when readings of the next one, and those after it, still name it', () => {
    const { station, transactionId } = begun(0, 1000, 0, 'ANNA');
    const read = (minute: number, register: number) =>
      station.say(minute, 'MeterValues', values(minute, register, transactionId));
    read(30, 4000);
    const next = station.say(120, 'StartTransaction', start(120, 4000, 'BERT')).transactionId;
    read(130, 5000);
    expect(station.connector(1)?.session).toMatchObject({ tag: 'BERT', energyWh: 1000 });
    station.say(150, 'StopTransaction', stop(150, 6000, Number(next)));
    read(160, 6000);
    read(400, 6000);
    expect([station.connector(1)?.session, station.connector(1)?.past]).toEqual([undefined, undefined]);
    expect(station.sessions.map(line)).toEqual([
      [String(transactionId), 0, 30, 3000, 'inferredStop'],
      [String(next), 120, 150, 2000],
    ]);
    expect(station.windowWh()).toBe(5000);
  });

  it('goes on live when the sweep was wrong to give it up', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(5, 'MeterValues', values(5, 1500, transactionId));
    const where = { evseId: 1, connectorId: 1, transactionId: String(transactionId) };
    station.find(300, { type: 'SessionAbandoned', at: at(299), ...where });
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 5, 500, 'inferredStop']]);
    station.say(301, 'MeterValues', values(301, 9000, transactionId));
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 8000 });
    station.say(310, 'StopTransaction', stop(310, 9500, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 310, 8500, 'lateArrival']]);
    expect(station.windowWh()).toBe(8500);
  });

  it.each([
    ['ends it where that is the only one of its tag', ['TAG'], 'TAG', [['T', 0, 45, 9000, 'meterSuspect']]],
    ['is an orphan where the tag has two', ['TAG', 'TAG'], 'TAG', [['orphan', 45, 45, 0, 'orphan']]],
    ['is an orphan where no tag tells', ['TAG'], undefined, [['orphan', 45, 45, 0, 'orphan']]],
  ])('whose register was reset is found by a stop without its id, which %s', (_, tags, idTag, sessions) => {
    const connectors = [1, 2].map((id) => ({ evseId: id, connectorId: id, connectorType: 'Type2', ratedW: 22_000 }));
    const station = conversation('1.6', { connectors });
    const ids = tags.map((tag, index) => {
      const begun = station.say(0, 'StartTransaction', start(0, 500_000, tag, index + 1));
      return Number(begun.transactionId);
    });
    station.say(15, 'MeterValues', values(15, 503_000, ids[0]));
    station.say(30, 'MeterValues', values(30, 3000, ids[0]));
    station.say(45, 'StopTransaction', stop(45, 6000, -1, idTag === undefined ? {} : { idTag }));
    const named = (id: string) => (id === String(ids[0]) ? 'T' : 'orphan');
    expect(station.sessions.map(line).map(([id, ...told]) => [named(String(id)), ...told])).toEqual(sessions);
  });

  it('of two under one tag is ended by the stop without its id that continues its readings', () => {
    const connectors = [1, 2].map((id) => ({ evseId: id, connectorId: id, connectorType: 'Type2', ratedW: 22_000 }));
    const station = conversation('1.6', { connectors });
    const ids = [
      station.say(0, 'StartTransaction', start(0, 500_000, 'TAG', 1)).transactionId,
      station.say(5, 'StartTransaction', start(5, 499_000, 'TAG', 2)).transactionId,
    ];
    station.say(30, 'MeterValues', values(30, 508_000, -1));
    station.say(31, 'MeterValues', { ...values(31, 501_000, -1), connectorId: 2 });
    station.say(32, 'StopTransaction', stop(32, 508_400, -1, { idTag: 'TAG' }));
    station.say(40, 'StopTransaction', stop(40, 503_000, -1, { idTag: 'TAG' }));
    expect(station.sessions.map(line)).toEqual([
      [String(ids[0]), 0, 32, 8400],
      [String(ids[1]), 5, 40, 4000],
    ]);
  });

  it('is kept as an orphan where only its stop is known', () => {
    const station = conversation('1.6');
    station.say(0, 'StatusNotification', status(0, 'Charging'));
    station.say(0, 'StatusNotification', status(0, 'Available', 2));
    station.say(10, 'StopTransaction', stop(10, 5000, 4711));
    station.say(11, 'StopTransaction', stop(10, 5000, 4711));
    expect(station.sessions.map(line)).toEqual([['4711', 10, 10, 0, 'orphan']]);
    expect(station.types.filter((type) => type === 'SessionEnded')).toHaveLength(1);
  });

  it('with a meterStart of 0 and a lifetime register counts what the register gains', () => {
    const { station, transactionId } = begun(0, 0);
    station.say(1, 'MeterValues', values(1, 1_500_000, transactionId));
    station.say(2, 'MeterValues', values(2, 1_500_120, transactionId));
    station.say(3, 'StopTransaction', stop(3, 1_500_240, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 3, 240, 'meterSuspect']]);
  });

  it('reads a register that counts kWh under the name of Wh beside a meterStart in Wh', () => {
    const { station, transactionId } = begun(0, 1_234_000);
    station.say(30, 'MeterValues', values(30, 1234.5, transactionId));
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 500, flags: ['meterSuspect'] });
    station.say(60, 'StopTransaction', stop(60, 1_244_000, transactionId));
    expect(station.sessions[0]?.energyWh).toBe(10_000);
  });

  it('crosses midnight and the change to summer time without losing or gaining an hour', () => {
    const from = (Date.UTC(2026, 2, 28, 23, 30) - at(0)) / 60_000;
    const { station, transactionId } = begun(from, 0);
    for (let quarter = 1; quarter <= 12; quarter += 1)
      station.say(from + quarter * 15, 'MeterValues', values(from + quarter * 15, quarter * 1000, transactionId));
    station.say(from + 185, 'StopTransaction', stop(from + 185, 12_100, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), from, from + 185, 12_100]]);
    expect(station.windowWh()).toBe(12_100);
  });
});

describe('an OCPP 1.6 queue', () => {
  it('of whole sessions is delivered beside a live one, newest first and twice', () => {
    const { station, transactionId } = begun(600, 50_000);
    const whole = (from: number, meterStart: number) => {
      const id = Number(station.say(601, 'StartTransaction', start(from, meterStart)).transactionId);
      station.say(601, 'MeterValues', values(from + 15, meterStart + 1000, id));
      station.say(601, 'StopTransaction', stop(from + 30, meterStart + 2000, id));
      station.say(601, 'StopTransaction', stop(from + 30, meterStart + 2000, id));
      return [String(id), from, from + 30, 2000, 'lateArrival'];
    };
    const expected = [500, 400, 300, 200, 100, 0].map((from) => whole(from, 1000 + from * 50));
    expect(station.sessions.map(line)).toEqual(expected.toReversed());
    expect(station.windowWh()).toBe(12_000);
    expect(station.connector(1)?.session).toMatchObject({ transactionId: String(transactionId), energyWh: 0 });
    expect(station.connector(1)?.recent).toHaveLength(4);
  });

  it('that tells starts, readings and stops of two sessions mixed ends both right', () => {
    const { station } = begun(600, 50_000);
    const one = Number(station.say(601, 'StartTransaction', start(0, 1000)).transactionId);
    const two = Number(station.say(601, 'StartTransaction', start(100, 5000)).transactionId);
    station.say(601, 'MeterValues', values(15, 1800, one));
    station.say(601, 'MeterValues', values(115, 5900, two));
    station.say(601, 'StopTransaction', stop(130, 7000, two));
    station.say(601, 'StopTransaction', stop(30, 3000, one));
    expect(station.sessions.map(line)).toEqual([
      [String(one), 0, 30, 2000, 'lateArrival'],
      [String(two), 100, 130, 2000, 'lateArrival'],
    ]);
    expect(station.windowWh()).toBe(4000);
  });

  it('delivers a reading of an ended session late: the curve of its record changes, its energy does not', () => {
    const { station, transactionId } = begun(0, 1000);
    station.say(60, 'StopTransaction', stop(60, 5000, transactionId));
    station.say(61, 'MeterValues', values(30, 4500, transactionId));
    station.say(62, 'MeterValues', values(30, 4500, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 60, 4000, 'lateArrival']]);
    expect(station.sessions[0]?.curve).toEqual([
      [0, 0],
      [1800, 3500],
      [3600, 4000],
    ]);
    expect(station.types.slice(-2)).toEqual(['MinutesCorrected', 'SessionAmended']);
    station.say(63, 'MeterValues', values(20, 9000, transactionId));
    expect(station.types.at(-1)).toBe('StationEventRecorded');
  });
});

describe('an OCPP 1.6 boot', () => {
  it('tells which firmware was before only where it names another one', () => {
    const station = conversation('1.6');
    const boot = (minute: number, firmware: object) =>
      station.say(minute, 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M', ...firmware });
    boot(0, { firmwareVersion: '1.0' });
    boot(5, {});
    boot(9, { firmwareVersion: '1.0' });
    boot(12, { firmwareVersion: '2.0' });
    const boots = station.changes.filter((change) => change.type === 'StationRebooted');
    expect(boots.map(({ firmware, previousFirmware }) => [firmware, previousFirmware])).toEqual([
      ['1.0', undefined],
      [undefined, undefined],
      ['1.0', undefined],
      ['2.0', '1.0'],
    ]);
  });
});

describe('an OCPP 1.6 status', () => {
  it('with error codes but no fault is a warning, flapping is told change by change', () => {
    const station = conversation('1.6');
    station.say(1, 'StatusNotification', status(1, 'Charging', 1, 'HighTemperature'));
    for (let minute = 2; minute < 8; minute += 1)
      station.say(minute, 'StatusNotification', status(minute, minute % 2 ? 'Charging' : 'SuspendedEV'));
    expect(station.types).toEqual([
      'ConnectorStatusChanged',
      'ConnectorWarned',
      ...Array.from({ length: 6 }, () => 'ConnectorStatusChanged'),
    ]);
    expect(station.connector(1)).toMatchObject({ status: 'charging', statusAt: at(7) });
  });

  it('from a clock of 1970 counts from when it arrived, one of next year does not pin the connector', () => {
    const station = conversation('1.6');
    station.say(1, 'StatusNotification', { ...status(0, 'Charging'), timestamp: '1970-01-01T00:00:09Z' });
    expect(station.connector(1)).toMatchObject({ status: 'charging', statusAt: at(1) });
    station.say(2, 'StatusNotification', { ...status(0, 'Faulted'), timestamp: iso(525_600) });
    station.say(3, 'StatusNotification', status(3, 'Available'));
    expect(station.connector(1)).toMatchObject({ status: 'available', statusAt: at(3) });
  });

  it('Faulted of connector 0 overlays all connectors until it recovers, even told two days late', () => {
    const station = conversation('1.6');
    station.say(0, 'StatusNotification', status(0, 'Charging'));
    station.say(1, 'StatusNotification', status(-2880, 'Faulted', 0, 'OtherError'));
    expect(station.connector(1)?.status).toBe('faulted');
    station.say(2, 'StatusNotification', status(2, 'Available', 0));
    expect(station.connector(1)?.status).toBe('charging');
    expect(station.connector(0)).toBe(undefined);
  });

  it('reads the main meter from connector 0 and touches no session', () => {
    const { station } = begun(0, 1000);
    station.say(1, 'MeterValues', { ...values(1, 777_000), connectorId: 0 });
    expect(station.aggregate.station.state?.mainMeter).toEqual({ at: at(1), energyWh: 777_000 });
    expect(station.connector(1)?.session?.energyWh).toBe(0);
  });
});

describe('a clock that forgot summer time', () => {
  it('is learned during a session and the session is moved to its true time', () => {
    const { station, transactionId } = begun(-60, 1000, 0);
    for (let minute = 1; minute < 12; minute += 1)
      station.say(minute, 'MeterValues', values(minute - 60, 1000 + minute * 100, transactionId));
    expect(station.connector(1)?.session).toMatchObject({ startedAt: at(0), sampledAt: at(11), energyWh: 1100 });
    station.say(12, 'StopTransaction', stop(-48, 2200, transactionId));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 12, 1200, 'clockCorrected']]);
    expect(station.windowWh()).toBe(1200);
  });

  it('in the middle of a session does not move what was stamped right', () => {
    const { station, transactionId } = begun(0, 1000);
    for (let minute = 1; minute < 5; minute += 1)
      station.say(minute, 'MeterValues', values(minute, 1000 + minute * 100, transactionId));
    for (let minute = 5; minute < 15; minute += 1)
      station.say(minute, 'MeterValues', values(minute - 60, 1000 + minute * 100, transactionId));
    expect(station.connector(1)?.session).toMatchObject({ startedAt: at(0), sampledAt: at(14), energyWh: 1400 });
    expect(station.windowWh()).toBe(1400);
  });
});

describe('an OCPP 1.6 stop told before its start', () => {
  const oneConnector = [{ evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW: 22_000 }];
  const begins = { '-1': -1, '0': 0, unknown: 4711 };

  it.each(Object.entries(begins))(
    '(id %s) is matched when the start arrives, on a station of two connectors',
    (_, id) => {
      const station = conversation('1.6');
      station.say(0, 'StatusNotification', status(0, 'Available'));
      station.say(0, 'StatusNotification', status(0, 'Available', 2));
      station.say(60, 'StopTransaction', stop(40, 3000, id, { idTag: 'TAG' }));
      expect(station.sessions.map(line)).toMatchObject([[expect.anything(), 40, 40, 0, 'orphan', 'lateArrival']]);
      const told = station.say(61, 'StartTransaction', start(0, 1000, 'tag', 2));
      station.say(62, 'StartTransaction', start(0, 1000, 'tag', 2));
      station.say(63, 'StopTransaction', stop(40, 3000, id, { idTag: 'TAG' }));
      expect(station.sessions.map(line)).toEqual([[String(told.transactionId), 0, 40, 2000, 'lateArrival']]);
      expect(station.sessions).toMatchObject([{ evseId: 2, connectorId: 2, tag: 'tag' }]);
      expect(station.windowWh(2)).toBe(2000);
      expect([station.connector(1)?.session, station.connector(2)?.session]).toEqual([undefined, undefined]);
      expect(station.aggregate.station.state?.orphans).toEqual([]);
    },
  );

  it.each(Object.entries(begins))(
    '(id %s) is matched on a station of one connector, where it told no tag either',
    (_, id) => {
      const station = conversation('1.6', { connectors: oneConnector });
      station.say(0, 'StatusNotification', status(0, 'Available'));
      station.say(60, 'StopTransaction', stop(40, 3000, id));
      const told = station.say(61, 'StartTransaction', start(0, 1000));
      expect(station.sessions.map(line)).toEqual([[String(told.transactionId), 0, 40, 2000, 'lateArrival']]);
      expect(station.connector(1)?.session).toBe(undefined);
    },
  );

  it.each([
    ['another tag', start(0, 1000, 'OTHER')],
    ['a later start', start(50, 1000)],
    ['a meter beyond the stop', start(0, 9000)],
    ['more than the connector can deliver', start(39, 1000, 'TAG')],
  ])('is not taken for the stop of %s', (_, other) => {
    const station = conversation('1.6', { connectors: oneConnector });
    station.say(0, 'StatusNotification', status(0, 'Available'));
    station.say(60, 'StopTransaction', stop(40, 9000 - 1000, -1, { idTag: 'TAG' }));
    station.say(61, 'StartTransaction', other);
    expect(station.sessions.filter(({ flags }) => flags.includes('orphan'))).toHaveLength(1);
    expect(station.connector(1)?.session ?? station.connector(1)?.past).toBeDefined();
  });
});
