import { describe, expect, it } from 'vitest';
import type { RegisteredConnector } from '../../../domain/registry/registration.ts';
import { conversation, iso, line, v16, v201 } from '../../support/conversation.ts';

const connectors: readonly RegisteredConnector[] = [
  { evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW: 22_000 },
];

/** 3 kW from noon on. */
const wh = (minute: number): number => minute * 50;

/** Both registers under one stamp. */
const both = (minute: number, zeroWh: number, context: string) => ({
  timestamp: iso(minute),
  sampledValue: [
    { value: String(zeroWh), context: 'Transaction.Begin' },
    { value: String(zeroWh + wh(minute)), context },
  ],
});

const readingsUntil = (minute: number) => Array.from({ length: minute }, (_, index) => index + 1);

describe.each([0, 1_000_000])('a register of the beginning (%i Wh) that is told again', (zeroWh) => {
  it('beside the current one, in every message, changes nothing', () => {
    const station = conversation('1.6', { connectors });
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, zeroWh));
    for (const minute of readingsUntil(59)) {
      const meterValue = [both(minute, zeroWh, 'Sample.Periodic')];
      station.say(minute, 'MeterValues', { connectorId: 1, transactionId, meterValue });
    }
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 2950, powerW: 3000, flags: [] });
    station.say(60, 'StopTransaction', v16.stop(60, zeroWh + 3000, Number(transactionId)));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 60, 3000]]);
    expect(station.windowWh()).toBe(3000);
  });

  it('beside that of the end, with the stop, changes nothing', () => {
    const station = conversation('1.6', { connectors });
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, zeroWh));
    for (const minute of readingsUntil(20))
      station.say(minute, 'MeterValues', v16.values(minute, zeroWh + wh(minute), Number(transactionId)));
    const transactionData = [both(24, zeroWh, 'Transaction.End')];
    station.say(24, 'StopTransaction', v16.stop(24, zeroWh + 1200, Number(transactionId), { transactionData }));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 24, 1200]]);
  });

  it('in OCPP 2.0.1 beside that of the end changes nothing either', () => {
    const station = conversation('2.0.1', { connectors });
    const evse = { id: 1, connectorId: 1 };
    station.say(0, 'TransactionEvent', v201.event('Started', 0, 0, { register: zeroWh, evse }));
    for (const minute of readingsUntil(20))
      station.say(minute, 'TransactionEvent', v201.event('Updated', minute, minute, { register: zeroWh + wh(minute) }));
    const sampledValue = both(24, zeroWh, 'Transaction.End').sampledValue.map((one) => ({
      ...one,
      value: Number(one.value),
    }));
    const meterValue = [{ timestamp: iso(24), sampledValue }];
    station.say(24, 'TransactionEvent', v201.event('Ended', 24, 21, { meterValue }));
    expect(station.sessions.map(line)).toEqual([['T1', 0, 24, 1200]]);
  });
});

describe('a register of the beginning that is told again out of order', () => {
  const zeroWh = 1_000_000;
  const told = (minute: number) => [both(minute, zeroWh, 'Sample.Periodic')];

  it('in readings before their start, which waited in a queue, changes nothing', () => {
    const station = conversation('1.6', { connectors });
    for (const minute of [60, 61]) station.say(minute, 'MeterValues', { connectorId: 1, meterValue: told(minute) });
    const { transactionId } = station.say(62, 'StartTransaction', v16.start(0, zeroWh));
    for (const minute of [20, 40, 62])
      station.say(62, 'MeterValues', { connectorId: 1, transactionId, meterValue: told(minute) });
    station.say(70, 'StopTransaction', v16.stop(70, zeroWh + 3500, Number(transactionId)));
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 70, 3500, 'lateArrival']]);
    expect(station.windowWh()).toBe(3500);
  });

  it('in a reading that comes after the end changes nothing', () => {
    const station = conversation('1.6', { connectors });
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, zeroWh));
    station.say(60, 'StopTransaction', v16.stop(60, zeroWh + 9000, Number(transactionId)));
    station.say(61, 'MeterValues', { connectorId: 1, transactionId, meterValue: told(30) });
    expect(station.sessions[0]?.curve).toEqual([
      [0, 0],
      [1800, 1500],
      [3600, 9000],
    ]);
  });
});

describe('the register of the beginning beside the first current one', () => {
  it('counts at the start, so that the energy until then is spread over its minutes', () => {
    const station = conversation('1.6', { connectors });
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, 500));
    const meterValue = [both(10, 500, 'Sample.Periodic')];
    station.say(10, 'MeterValues', { connectorId: 1, transactionId, meterValue });
    expect(station.connector(1)?.session).toMatchObject({
      energyWh: 500,
      powerW: 3000,
      curve: [
        [0, 0],
        [600, 500],
      ],
    });
    expect(station.connector(1)?.session?.minutesOutdated).toBe(undefined);
  });
});

describe('the register of the beginning beside the current ones, after a message without any', () => {
  const ofBoth = (minute: number) => both(minute, 1_000_000, 'Sample.Periodic').sampledValue;

  it('counts at the start in OCPP 1.6', () => {
    const station = conversation('1.6', { connectors });
    const { transactionId } = station.say(0, 'StartTransaction', v16.start(0, 1_000_000));
    const say = (minute: number, sampledValue: readonly object[]) =>
      station.say(minute, 'MeterValues', {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: iso(minute), sampledValue }],
      });
    say(1, [{ value: '40', measurand: 'SoC', unit: 'Percent' }]);
    say(60, ofBoth(60));
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 3000, flags: [] });
    say(120, ofBoth(120));
    expect(station.connector(1)?.session).toMatchObject({ energyWh: 6000, flags: [] });
    expect(station.connector(1)?.session?.curve).toEqual([
      [0, 0],
      [3600, 3000],
      [7200, 6000],
    ]);
  });

  const inOrder = [0, 60, 120, 180];
  it.each([
    ['with its start', inOrder, [0, 3000, 6000, 9000], 0],
    ['where its start is lost, so that what was delivered before is its own', [60, 120, 180], [3000, 6000, 9000], 60],
  ])('counts at the start in OCPP 2.0.1 %s', (_, told, energiesWh, startedAt) => {
    const station = conversation('2.0.1', { connectors });
    const evse = { id: 1, connectorId: 1 };
    const live = told.map((minute) => {
      const sampledValue =
        minute === 0
          ? [{ value: 40, measurand: 'SoC' }]
          : ofBoth(minute).map((one) => ({ ...one, value: Number(one.value) }));
      const meterValue = [{ timestamp: iso(minute), sampledValue }];
      const type = minute === 0 ? 'Started' : 'Updated';
      station.say(minute, 'TransactionEvent', v201.event(type, minute, minute, { evse, meterValue }));
      return station.connector(1)?.session?.energyWh;
    });
    expect(live).toEqual(energiesWh);
    station.say(190, 'TransactionEvent', v201.event('Ended', 190, 181, { register: 1_009_500 }));
    expect(station.sessions.map((session) => line(session).slice(0, 4))).toEqual([['T1', startedAt, 190, 9500]]);
    expect(station.types).not.toContain('MeterSuspected');
  });
});
