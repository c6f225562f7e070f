import { describe, expect, it } from 'vitest';
import { type TransactionStart, transactionId } from '../../ocpp/v16/transaction-id.ts';
import { answerAndNormalise, normaliseCall, now, replyTo } from './gateway.ts';

const start = { connectorId: 2, idTag: 'T', meterStart: 5, timestamp: '2026-11-20T11:00:00Z' };
const said = { at: Date.UTC(2026, 10, 20, 11), receivedAt: now, clock: 'charger', messageId: 'm' };
const idIn = (answered: unknown) => (Array.isArray(answered) ? answered[2].transactionId : undefined);

describe('a transactionId of 1.6', () => {
  const like: TransactionStart = {
    stationId: 'S',
    connectorId: 1,
    idTag: 'T',
    startedAt: 1_700_000_000_000,
    meterStart: 5,
  };

  it('is a positive int32 and hardly ever the same for two starts', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) =>
      transactionId({ ...like, startedAt: 1_700_000_000_000 + index * 1000 }),
    );
    expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31)).toBe(true);
    expect(new Set(ids).size).toBeGreaterThan(19_990);
  });

  it('depends on everything that tells two starts apart', () => {
    const others = [
      { stationId: 'R' },
      { connectorId: 2 },
      { idTag: 'U' },
      { startedAt: 1_700_000_001_000 },
      { meterStart: 6 },
    ];
    const ids = [like, ...others.map((other) => ({ ...like, ...other }))].map(transactionId);
    expect(new Set(ids).size).toBe(6);
  });

  it('is the same for a repeated start, however its stamp is written, and is the one of the fact', () => {
    const first = idIn(replyTo('StartTransaction', start));
    const again = idIn(replyTo('StartTransaction', { ...start, timestamp: '2026-11-20T12:00:00.000+01:00' }));
    expect([again, normaliseCall('StartTransaction', start).facts]).toEqual([
      first,
      [
        {
          ...said,
          type: 'SessionStarted',
          evseId: 2,
          connectorId: 2,
          transactionId: String(first),
          meterStartWh: 5,
          tag: 'T',
        },
      ],
    ]);
  });

  const { timestamp: _, ...stampless } = start;
  const idsUnder = (messageIds: readonly string[], stamp: object) => {
    const facts = messageIds.flatMap(
      (id) => answerAndNormalise(JSON.stringify([2, id, 'StartTransaction', { ...stampless, ...stamp }])).facts,
    );
    return new Set(facts.map((fact) => ('transactionId' in fact ? fact.transactionId : '')));
  };

  it.each([
    {},
    { timestamp: '' },
    { timestamp: '0000-00-00T00:00:00Z' },
    { timestamp: '1970-01-01T00:00:00Z' },
    { timestamp: '2000-01-01T00:00:00.000Z' },
  ])('differs for two starts whose stamp %j is no time, and is the same for one', (stamp) => {
    expect(idsUnder(['a', 'b'], stamp).size).toBe(2);
    expect(idsUnder(['a', 'a'], stamp).size).toBe(1);
  });

  it.each(['1970-01-01T00:03:12Z', '20.11.2026 11:00'])(
    'is the same for a start repeated under another message id, also at %j by a clock that runs',
    (timestamp) => {
      expect(idsUnder(['a', 'b'], { timestamp }).size).toBe(1);
    },
  );
});

describe('a start or stop of 1.6', () => {
  it('is recorded however little of it can be read', () => {
    const { facts, warnings } = normaliseCall('StartTransaction', {
      idTag: 5,
      connectorId: 'two',
      meterStart: '12.5',
      timestamp: 'soon',
    });
    expect(facts).toMatchObject([{ type: 'SessionStarted', tag: '5', meterStartWh: 12.5, at: now, clock: 'receiver' }]);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(
      new Set(['schema-violation', 'timestamp-unreadable', 'connector-missing']),
    );
  });

  it('has no register where the one it names cannot be true', () => {
    const started = normaliseCall('StartTransaction', { ...start, meterStart: -5 });
    const stopped = normaliseCall('StopTransaction', { transactionId: 5, meterStop: -1, timestamp: start.timestamp });
    expect(
      [started, stopped].map(({ facts: [fact], warnings }) => [fact, warnings.map(({ code, path }) => [code, path])]),
    ).toEqual([
      [expect.not.objectContaining({ meterStartWh: expect.anything() }), [['value-implausible', '/meterStart']]],
      [expect.not.objectContaining({ meterStopWh: expect.anything() }), [['value-implausible', '/meterStop']]],
    ]);
  });

  it.each([
    ['-5', true],
    ['1e15', true],
    ['1,234,567', undefined],
    ['none', undefined],
  ])('says of register %j, sent as text, whether it is one that cannot be true (%s)', (register, meterRefused) => {
    const [started] = normaliseCall('StartTransaction', { ...start, meterStart: register }).facts;
    const stop = { transactionId: 5, meterStop: register, timestamp: start.timestamp };
    const [stopped] = normaliseCall('StopTransaction', stop).facts;
    expect([started, stopped].map((fact) => fact && 'meterRefused' in fact && fact.meterRefused)).toEqual(
      [started, stopped].map(() => meterRefused ?? false),
    );
  });

  it.each([
    [5e-324, 0],
    [1234.56789, 1234.568],
    [1e300, undefined],
    [2 ** 53, undefined],
  ])('has register %j as a meter can show it', (register, expected) => {
    const started = normaliseCall('StartTransaction', { ...start, meterStart: register });
    const stopped = normaliseCall('StopTransaction', {
      transactionId: 5,
      meterStop: register,
      timestamp: start.timestamp,
    });
    expect([started, stopped].flatMap(({ facts }) => facts)).toMatchObject([
      { type: 'SessionStarted', ...(expected === undefined ? {} : { meterStartWh: expected }) },
      { type: 'SessionStopped', ...(expected === undefined ? {} : { meterStopWh: expected }) },
    ]);
    const codes = started.warnings.map(({ code }) => code).filter((code) => code === 'value-implausible');
    expect(codes).toEqual(register === 1234.56789 ? [] : ['value-implausible']);
  });

  it('gives the samples of a stop before the stop itself', () => {
    const transactionData = [
      { timestamp: '2026-11-20T11:00:00Z', sampledValue: [{ value: '20', context: 'Transaction.End' }] },
    ];
    const stop = {
      meterStop: 20,
      timestamp: '2026-11-20T11:00:00Z',
      transactionId: 9,
      idTag: 'T',
      reason: 'EVDisconnected',
      transactionData,
    };
    expect(normaliseCall('StopTransaction', stop).facts).toEqual([
      { ...said, type: 'MeterSampled', transactionId: '9', reading: { context: 'end', energyWh: 20 } },
      {
        ...said,
        type: 'SessionStopped',
        transactionId: '9',
        meterStopWh: 20,
        reason: 'evDisconnected',
        vendorReason: 'EVDisconnected',
        tag: 'T',
      },
    ]);
  });

  it.each([
    [12.5, 12.5],
    ['12.5', 12.5],
    ['12,5', 12.5],
    ['1,234', undefined],
    [-4, undefined],
    ['', undefined],
  ])('with meterStop %j stops at %j', (meterStop, expected) => {
    const stop = { meterStop, timestamp: '2026-11-20T11:00:00Z', transactionId: 3 };
    const [fact] = normaliseCall('StopTransaction', stop).facts;
    expect(fact?.type === 'SessionStopped' ? fact.meterStopWh : 'no stop').toBe(expected);
  });

  it.each([0, -1, undefined])('that stops with id %j has none', (id) => {
    const stop = { meterStop: 20, timestamp: '2026-11-20T11:00:00Z', transactionId: id };
    expect(normaliseCall('StopTransaction', stop)).toMatchObject({
      facts: [{ ...said, type: 'SessionStopped', meterStopWh: 20, reason: 'local' }],
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'transaction-id-missing' })]),
    });
  });

  it.each([
    ['DeAuthorized', 'deauthorized'],
    ['HardReset', 'immediateReset'],
    ['SoftReset', 'reboot'],
    ['PowerLoss', 'powerLoss'],
    ['VendorWhim', 'unknown'],
    ['constructor', 'unknown'],
    [undefined, 'local'],
  ])('with reason %j stops as %j', (reason, expected) => {
    const stop = { meterStop: 20, timestamp: '2026-11-20T11:00:00Z', transactionId: 3, reason };
    expect(normaliseCall('StopTransaction', stop).facts).toMatchObject([{ reason: expected }]);
  });
});

const event = {
  eventType: 'Updated',
  seqNo: 4,
  timestamp: '2026-11-20T11:00:00Z',
  triggerReason: 'MeterValuePeriodic',
  transactionInfo: { transactionId: 'tx', chargingState: 'SuspendedEV' },
};
const meterValue = [{ timestamp: '2026-11-20T11:00:00Z', sampledValue: [{ value: 5 }] }];
const progress = {
  ...said,
  transactionId: 'tx',
  seqNo: 4,
  triggerReason: 'MeterValuePeriodic',
  chargingState: 'suspendedEV',
};
const sampled = {
  ...said,
  type: 'MeterSampled',
  transactionId: 'tx',
  seqNo: 4,
  reading: { context: 'periodic', energyWh: 5 },
};
const hearEvent = (more: object) => normaliseCall('TransactionEvent', { ...event, ...more }, { ocpp: '2.0.1' });

describe('a TransactionEvent', () => {
  it('that starts gives the start before its samples, with the first register as meter start', () => {
    expect(
      hearEvent({ eventType: 'Started', meterValue, evse: { id: 1, connectorId: 2 }, reservationId: 6 }).facts,
    ).toEqual([
      { ...progress, type: 'SessionStarted', evseId: 1, connectorId: 2, meterStartWh: 5, reservationId: 6 },
      { ...sampled, evseId: 1, connectorId: 2 },
    ]);
  });

  it.each([0, -1])('names no reservation with %i', (reservationId) => {
    const begun = [
      hearEvent({ eventType: 'Started', reservationId }).facts,
      normaliseCall('StartTransaction', { ...start, reservationId }).facts,
    ];
    expect(begun.flat().filter((fact) => 'reservationId' in fact)).toEqual([]);
    expect(begun.flat()).toHaveLength(2);
  });

  it('that updates and names no EVSE gives facts without EVSE and connector', () => {
    expect(hearEvent({ meterValue, offline: true }).facts).toEqual([
      { ...progress, type: 'SessionUpdated', offline: true },
      sampled,
    ]);
  });

  it('that ends gives its samples before the stop', () => {
    const transactionInfo = { transactionId: 'tx', stoppedReason: 'SOCLimitReached', chargingState: 'SuspendedEV' };
    expect(hearEvent({ eventType: 'Ended', meterValue, transactionInfo }).facts).toEqual([
      sampled,
      {
        ...progress,
        type: 'SessionStopped',
        meterStopWh: 5,
        reason: 'socLimitReached',
        vendorReason: 'SOCLimitReached',
      },
    ]);
  });

  it('without a transaction id still gives its samples, and its stop where it ends', () => {
    expect(hearEvent({ transactionInfo: {}, meterValue }).facts.map(({ type }) => type)).toEqual(['MeterSampled']);
    expect(hearEvent({ transactionInfo: {}, eventType: 'Ended' }).facts).toMatchObject([
      { type: 'SessionStopped', reason: 'local' },
    ]);
  });

  it('of a kind OCPP does not know is an update', () => {
    expect(hearEvent({ eventType: 'Paused' })).toMatchObject({
      facts: [{ type: 'SessionUpdated' }],
      warnings: [{ code: 'unknown-value' }],
    });
  });

  it('of 2.1 is normalised like one of 2.0.1', () => {
    const facts = (ocpp: '2.0.1' | '2.1') =>
      normaliseCall('TransactionEvent', { ...event, meterValue }, { ocpp }).facts;
    expect(facts('2.1')).toEqual(facts('2.0.1'));
  });
});

describe('other messages of 2.x', () => {
  it('report the status of a connector', () => {
    const status = { connectorStatus: 'Occupied', evseId: 1, connectorId: 2, timestamp: '2026-11-20T11:00:00Z' };
    expect(normaliseCall('StatusNotification', status, { ocpp: '2.0.1' }).facts).toEqual([
      { ...said, type: 'StatusReported', evseId: 1, connectorId: 2, status: 'occupied', vendorStatus: 'Occupied' },
    ]);
  });

  it('report each event of a device', () => {
    const entry = {
      eventId: 1,
      timestamp: '2026-11-20T11:00:00Z',
      trigger: 'Alerting',
      actualValue: 'true',
      cleared: false,
      eventNotificationType: 'HardWiredNotification',
      component: { name: 'Connector', evse: { id: 1 } },
      variable: { name: 'Tripped' },
    };
    const payload = {
      generatedAt: '2026-11-20T11:00:00Z',
      seqNo: 0,
      eventData: [
        entry,
        { ...entry, component: { name: 'Controller' } },
        { ...entry, component: { name: 'Door', instance: 'rear' }, variable: { name: 'Tripped', instance: 'a' } },
      ],
    };
    const common = {
      ...said,
      type: 'DeviceEventReported',
      variable: 'Tripped',
      value: 'true',
      trigger: 'Alerting',
      cleared: false,
    };
    expect(normaliseCall('NotifyEvent', payload, { ocpp: '2.0.1' }).facts).toEqual([
      { ...common, component: 'Connector', evseId: 1 },
      { ...common, component: 'Controller' },
      { ...common, component: 'Door', instance: 'rear', variableInstance: 'a' },
    ]);
  });

  it("report a security event with the charger's stamp", () => {
    const payload = { type: 'TamperDetectionActivated', timestamp: '2026-11-20T11:00:00Z', techInfo: 'door' };
    const fact = { ...said, type: 'SecurityEventReported', event: 'TamperDetectionActivated', techInfo: 'door' };
    expect(normaliseCall('SecurityEventNotification', payload, { ocpp: '2.0.1' }).facts).toEqual([fact]);
    expect(normaliseCall('SecurityEventNotification', payload).facts).toEqual([fact]);
  });
});
