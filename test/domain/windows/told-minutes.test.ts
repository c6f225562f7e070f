import { describe, expect, it } from 'vitest';
import { LONGEST_SESSION_MS } from '../../../domain/kernel/durations.ts';
import type { MinuteClosed, MinutesCorrected } from '../../../domain/kernel/state-change.ts';
import { energyByHour } from '../../../domain/session/energy-by-slot.ts';
import { spreadMinutes, toldMinutes } from '../../../domain/windows/told-minutes.ts';

const MINUTE = 60_000;
const caused = { id: 'x', at: 0, receivedAt: 0, evseId: 1, connectorId: 1 } as const;
const closed = (minute: number, energyWh: number): MinuteClosed => ({
  ...caused,
  type: 'MinuteClosed',
  minute: { startAt: minute * MINUTE, energyWh, samples: 3, maxW: 7000, sessionId: 's' },
});
const corrected = (fromMinute: number, toMinute: number, curve: MinutesCorrected['curve']): MinutesCorrected => ({
  ...caused,
  type: 'MinutesCorrected',
  sessionId: 's',
  startedAt: 0,
  fromAt: fromMinute * MINUTE,
  toAt: toMinute * MINUTE,
  curve,
});

describe('the minutes an outbox tells of', () => {
  it('have the energy of the curve where they are corrected', () => {
    const { whole, corrected: minutes } = toldMinutes([
      corrected(0, 4, [
        [0, 0],
        [90, 300],
        [240, 300],
      ]),
    ]);
    expect(whole).toEqual([]);
    expect(minutes).toEqual([
      { startAt: 0, energyWh: 200, samples: 1, sessionId: 's' },
      { startAt: MINUTE, energyWh: 100, samples: 1, sessionId: 's' },
      { startAt: 2 * MINUTE, energyWh: 0, samples: 0, sessionId: 's' },
      { startAt: 3 * MINUTE, energyWh: 0, samples: 0, sessionId: 's' },
    ]);
  });

  it('delivered nothing where the correction has no curve', () => {
    expect(toldMinutes([corrected(5, 6, [])]).corrected).toEqual([
      { startAt: 5 * MINUTE, energyWh: 0, samples: 0, sessionId: 's' },
    ]);
  });

  it('keep their other measures where the same outbox tells them whole before', () => {
    const told = toldMinutes([
      closed(1, 50),
      corrected(0, 2, [
        [0, 0],
        [120, 120],
      ]),
    ]);
    expect(told.whole).toEqual([{ startAt: MINUTE, energyWh: 60, samples: 3, maxW: 7000, sessionId: 's' }]);
    expect(told.corrected.map(({ startAt }) => startAt)).toEqual([0]);
  });

  it('are what was told last', () => {
    const told = toldMinutes([
      corrected(0, 2, [
        [0, 0],
        [120, 120],
      ]),
      closed(1, 50),
    ]);
    expect(told.whole.map(({ energyWh }) => energyWh)).toEqual([50]);
    expect(told.corrected.map(({ startAt }) => startAt)).toEqual([0]);
  });
});

describe('minutes of a spread', () => {
  it('share the energy evenly and add up to it', () => {
    const minutes = spreadMinutes({
      type: 'MinutesSpread',
      id: 'x',
      at: 0,
      receivedAt: 0,
      evseId: 1,
      connectorId: 1,
      sessionId: 's',
      fromAt: 0,
      toAt: 3 * MINUTE,
      fromWh: 100,
      toWh: 400,
    });
    expect(minutes).toEqual(
      [0, 1, 2].map((index) => ({ startAt: index * MINUTE, energyWh: 100, samples: 0, sessionId: 's' })),
    );
  });

  it('are no more than the longest session has, from a whole hour on and with all of its energy, where it claims to be longer', () => {
    const minutes = spreadMinutes({
      ...caused,
      type: 'MinutesSpread',
      sessionId: 's',
      fromAt: 0,
      toAt: Date.UTC(2026, 0),
      fromWh: 0,
      toWh: 100_920,
    });
    expect([minutes.length, minutes[0]?.startAt, minutes[0]?.energyWh]).toEqual([
      LONGEST_SESSION_MS / MINUTE + 60,
      Date.UTC(2026, 0) - LONGEST_SESSION_MS - 60 * MINUTE,
      2,
    ]);
  });
});

describe('the minutes of a session that claims to have lasted for years', () => {
  it('are those of its last weeks', () => {
    const changes = [corrected(0, Date.UTC(2026, 0) / MINUTE, [[0, 0]]), closed(5, 50)];
    const { whole, corrected: minutes } = toldMinutes(changes);
    expect([whole.length, minutes.length]).toEqual([0, LONGEST_SESSION_MS / MINUTE + 60]);
  });
});

describe('a silence of days inside a session', () => {
  const HOUR = 60 * MINUTE;
  const byHour = (minutes: readonly { readonly startAt: number; readonly energyWh: number }[]) => {
    const hours = new Map<number, number>();
    for (const { startAt, energyWh } of minutes) {
      const hour = Math.floor(startAt / HOUR) * HOUR;
      hours.set(hour, (hours.get(hour) ?? 0) + energyWh);
    }
    return hours;
  };
  const startedAt = 1000 * HOUR;

  it.each([8, 20, 34])('of %i days is told in the same hours by its minutes and by its record', (days) => {
    const toAt = startedAt + days * 24 * HOUR;
    const spread = { fromAt: startedAt, toAt, fromWh: 0, toWh: 48_000 };
    const minutes = byHour(spreadMinutes({ ...caused, type: 'MinutesSpread', sessionId: 's', ...spread }));
    const record = energyByHour(
      [
        [0, 0],
        [(toAt - startedAt) / 1000, 48_000],
      ],
      startedAt,
    );
    expect(minutes.size).toBe(record.length);
    for (const { startAt, energyWh } of record) expect(minutes.get(startAt)).toBeCloseTo(energyWh, 2);
  });

  it('of months leaves what was delivered before the last weeks in their first hour, in minutes as in the record', () => {
    const toAt = startedAt + 100 * 24 * HOUR + 17 * MINUTE;
    const curve = [
      [0, 0],
      [(toAt - startedAt) / 1000, 240_000],
    ] as const;
    const { corrected: minutes } = toldMinutes([
      { ...caused, type: 'MinutesCorrected', sessionId: 's', startedAt, fromAt: startedAt, toAt, curve },
    ]);
    const hours = byHour(minutes);
    const record = energyByHour(curve, startedAt);
    expect(hours.size).toBe(record.length);
    for (const { startAt, energyWh } of record) expect(hours.get(startAt)).toBeCloseTo(energyWh, 1);
    expect(record.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBeCloseTo(240_000, 1);
  });
});
