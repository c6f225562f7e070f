import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { at, conversation, iso, line, v16 } from '../../support/conversation.ts';
import { sample, started, status, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { noon, on, said } from '../../support/station-days.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

/** Stamped by a clock that was not set yet, received in the given minute after noon. */
const unset = (minute: number, at = Date.parse('2015-01-01T00:00:00Z')) => ({
  at: at + minute * MINUTE_MS,
  receivedAt: noon + minute * MINUTE_MS,
});
const month = 32 * DAY_MS;

describe('a session whose start was stamped by a clock not set yet', () => {
  it.each([
    ['eleven years ago', unset(0)],
    ['32 days ago', unset(0, noon - month)],
  ])('(%s) is moved to when its start was received, as the next message shows', (_, stamps) => {
    const { ended, changes } = given(
      started(0, stamps),
      sample(10, { energyWh: 2000 }),
      sample(20, { energyWh: 3000 }),
      stopped(30, { meterStopWh: 4000 }),
    );
    expect(ended.map(({ startedAt, endedAt, energyWh, flags }) => ({ startedAt, endedAt, energyWh, flags }))).toEqual([
      { startedAt: noon, endedAt: noon + 30 * MINUTE_MS, energyWh: 3000, flags: ['clockCorrected'] },
    ]);
    const minutes = toldMinutes(changes);
    expect(minutes.every(({ startAt }) => startAt >= noon)).toBe(true);
    expect(minutes.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBeCloseTo(3000, 3);
  });

  it('is moved by its stop where no reading came before, and by a reading where some were stamped wrongly too', () => {
    const byStop = given(started(0, unset(0)), stopped(30, { meterStopWh: 4000 }));
    expect(byStop.ended).toMatchObject([{ startedAt: noon, energyWh: 3000, flags: ['clockCorrected'] }]);
    const byReading = given(
      started(0, unset(0)),
      sample(10, { energyWh: 2000 }, unset(10)),
      sample(20, { energyWh: 3000 }),
      stopped(30, { meterStopWh: 4000 }),
    );
    expect(byReading.ended).toMatchObject([{ startedAt: noon, energyWh: 3000, flags: ['clockCorrected'] }]);
    const minutes = toldMinutes(byReading.changes);
    expect(minutes.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBeCloseTo(3000, 3);
  });

  it('stays where it was when its messages really were days apart, or are all of the past', () => {
    const early = { at: noon - 10 * DAY_MS, receivedAt: noon - 10 * DAY_MS + 300 };
    const paused = given(started(0, early), sample(0, { energyWh: 2000 }), stopped(10, { meterStopWh: 4000 }));
    expect(paused.ended).toMatchObject([{ startedAt: early.at, flags: [] }]);
    const then = (minute: number) => unset(minute, noon - month);
    const queued = given(
      status(0, 'available'),
      started(0, then(0)),
      sample(0, { energyWh: 2000 }, then(10)),
      stopped(0, { meterStopWh: 4000, ...then(20) }),
    );
    expect(queued.ended).toMatchObject([{ startedAt: noon - month, endedAt: noon - month + 20 * MINUTE_MS }]);
  });

  it('begins at its first known message where a start told after it is stamped absurdly long before', () => {
    const updated = { ...said(noon), type: 'SessionUpdated', transactionId: 'T1', seqNo: 1, ...on(1) } as const;
    const { connector } = given(
      updated,
      sample(1, { energyWh: 2000 }),
      started(0, { ...unset(0, noon - month), receivedAt: noon + 2 * MINUTE_MS }),
    );
    expect(connector(1)?.session).toMatchObject({ startedAt: noon, tag: 'TAG' });
  });
});

describe('a session whose charger lost its clock in an outage', () => {
  it('has the energy between its meters, although its queue came faster than that can have flowed', () => {
    const station = conversation('1.6');
    const id = Number(station.say(0, 'StartTransaction', v16.start(0, 500_000)).transactionId);
    station.say(15, 'MeterValues', v16.values(15, 505_000, id));
    for (const minute of [30, 45, 60, 75]) {
      const sampledValue = [{ value: String(500_000 + (minute * 1000) / 3) }];
      const timestamp = iso(minute).replace(/^.*T/, '1970-01-01T');
      station.say(80, 'MeterValues', { connectorId: 1, transactionId: id, meterValue: [{ timestamp, sampledValue }] });
    }
    for (const minute of [90, 105])
      station.say(minute, 'MeterValues', v16.values(minute, 500_000 + (minute * 1000) / 3, id));
    station.say(120, 'StopTransaction', v16.stop(120, 540_000, id));
    expect(station.sessions.map(line)).toEqual([[String(id), 0, 120, 40_000]]);
    expect(station.windowWh()).toBeCloseTo(40_000, 0);
  });

  it('and that began within it has it too, once the clock is set', () => {
    const station = conversation('1.6');
    const unstamped = (minute: number) => iso(minute).replace(/^.*T/, '1970-01-01T');
    const start = { ...v16.start(10, 500_000), timestamp: unstamped(10) };
    const id = Number(station.say(100, 'StartTransaction', start).transactionId);
    const register = (minute: number) => String(500_000 + (minute - 10) * 300);
    for (const minute of [25, 40, 55, 70, 85]) {
      const meterValue = [{ timestamp: unstamped(minute), sampledValue: [{ value: register(minute) }] }];
      station.say(100, 'MeterValues', { connectorId: 1, transactionId: id, meterValue });
    }
    station.say(110, 'StopTransaction', v16.stop(110, 530_000, id));
    expect(station.sessions.map(line)).toEqual([[String(id), 100, 110, 30_000, 'clockCorrected', 'meterSuspect']]);
    expect(station.windowWh()).toBeCloseTo(30_000, 0);
  });
});

describe('a session of a charger whose clock is never set', () => {
  const unstamped = (minute: number) => iso(minute).replace(/^.*T/, '1970-01-01T');
  const value = (minute: number) => ({
    timestamp: unstamped(minute),
    sampledValue: [{ value: String(500_000 + 300 * minute) }],
  });

  it('is billed once for readings that its stop tells again', () => {
    const station = conversation('1.6');
    const start = { ...v16.start(0, 500_000), timestamp: unstamped(0) };
    const transactionId = Number(station.say(0, 'StartTransaction', start).transactionId);
    const minutes = Array.from({ length: 69 }, (_, index) => index + 1);
    for (const minute of minutes)
      station.say(minute, 'MeterValues', { connectorId: 1, transactionId, meterValue: [value(minute)] });
    const stop = { ...v16.stop(70, 521_000, transactionId), timestamp: unstamped(70) };
    station.say(70, 'StopTransaction', { ...stop, transactionData: [0, ...minutes, 70].map(value) });
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 70, 21_000, 'clockCorrected']]);
    expect(station.windowWh()).toBeCloseTo(21_000, 0);
  });

  it('is billed once for readings of a queue that come after a newer one', () => {
    const station = conversation('1.6');
    const start = { ...v16.start(0, 500_000), timestamp: unstamped(0) };
    const transactionId = Number(station.say(0, 'StartTransaction', start).transactionId);
    for (const minute of [60, 15, 30, 45])
      station.say(60, 'MeterValues', { connectorId: 1, transactionId, meterValue: [value(minute)] });
    station.say(70, 'StopTransaction', { ...v16.stop(70, 521_000, transactionId), timestamp: unstamped(70) });
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 70, 21_000, 'clockCorrected']]);
  });

  it.each([
    ['runs', unstamped, true],
    ['runs, and who does not name it,', unstamped, false],
    ['stands still', () => '1970-01-01T00:00:00Z', true],
  ])('is billed what flowed while a charger was offline whose clock %s', (_, stampOf, isNamed) => {
    const station = conversation('1.6');
    // Readings that hardly differ seem to confirm a jump.
    const tapered = (minute: number) => Math.min(minute, 180) + Math.max(0, minute - 180) / 5;
    const start = { ...v16.start(0, 500_000), timestamp: stampOf(0) };
    const id = Number(station.say(0, 'StartTransaction', start).transactionId);
    for (const minute of Array.from({ length: 16 }, (__, index) => 15 * (index + 1))) {
      const meterValue = [{ ...value(tapered(minute)), timestamp: stampOf(minute) }];
      const payload = { connectorId: 1, ...(isNamed ? { transactionId: id } : {}), meterValue };
      station.say(minute <= 30 ? minute : 300, 'MeterValues', payload);
    }
    station.say(300, 'StopTransaction', { ...v16.stop(250, 558_200, id), timestamp: stampOf(250) });
    expect(station.sessions).toMatchObject([{ transactionId: String(id), energyWh: 58_200 }]);
    expect(station.windowWh()).toBeCloseTo(58_200, 0);
  });

  it('ends by a stop without an id that was offline, and that is told again', () => {
    const station = conversation('1.6');
    const start = { ...v16.start(10, 500_000), timestamp: unstamped(10) };
    const id = Number(station.say(100, 'StartTransaction', start).transactionId);
    station.say(100, 'MeterValues', { connectorId: 1, transactionId: id, meterValue: [value(40)] });
    const stop = { ...v16.stop(70, 518_000, -1), timestamp: unstamped(70), idTag: 'TAG' };
    station.say(100, 'StopTransaction', stop);
    station.say(101, 'StopTransaction', stop);
    expect(station.sessions.map(line)).toEqual([[String(id), 100, 100, 18_000, 'clockCorrected']]);
  });

  it('ends by a stop without an id although its clock turned out to be ahead since it began', () => {
    const station = conversation('1.6');
    const ahead = (minute: number) => iso(minute + 120);
    const start = { ...v16.start(0, 500_000), timestamp: ahead(0) };
    station.say(20, 'StartTransaction', start);
    for (const minute of Array.from({ length: 10 }, (_, index) => 21 + index))
      station.say(minute, 'StatusNotification', { ...v16.status(0, 'Charging'), timestamp: ahead(minute) });
    station.say(40, 'StopTransaction', { ...v16.stop(10, 503_000, -1), timestamp: ahead(10), idTag: 'TAG' });
    expect(station.sessions).toMatchObject([{ energyWh: 3_000, startedAt: at(20) }]);
    expect(station.connector(1)?.session).toBe(undefined);
  });

  it('is billed for what flowed before and after a power cut that reset its register', () => {
    const station = conversation('1.6');
    const transactionId = Number(station.say(0, 'StartTransaction', v16.start(0, 0)).transactionId);
    for (const minute of [10, 20, 30])
      station.say(minute, 'MeterValues', v16.values(minute, 300 * minute, transactionId));
    for (const minute of [31, 40, 50]) {
      const sampledValue = [{ value: String(300 * (minute - 30)) }];
      const meterValue = [{ timestamp: unstamped(minute - 30), sampledValue }];
      station.say(minute, 'MeterValues', { connectorId: 1, transactionId, meterValue });
    }
    const stop = { ...v16.stop(60, 9_000, transactionId), timestamp: unstamped(30) };
    station.say(60, 'StopTransaction', stop);
    expect(station.sessions.map(line)).toEqual([[String(transactionId), 0, 60, 18_000, 'meterSuspect']]);
  });
});
