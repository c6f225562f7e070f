import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionStarted } from '../../../domain/kernel/fact.ts';
import { energyByHour, energyByQuarter } from '../../../domain/session/energy-by-slot.ts';
import { roundWh } from '../../../domain/session/meter-curve.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { toldWh } from '../../support/told-minutes.ts';

const sum = (slots: readonly { readonly energyWh: number }[]): number =>
  roundWh(slots.reduce((total, { energyWh }) => total + energyWh, 0));

const pattern = fc.record({
  startsAt: fc.double({ min: 0, max: 90, noNaN: true }).map((minute) => Math.round(minute * 60_000) / 60_000),
  steps: fc.array(
    fc.record({
      minutes: fc.integer({ min: 0, max: 4000 }).map((sec) => sec / 60),
      wh: fc.integer({ min: -50, max: 900 }),
    }),
    { maxLength: 25 },
  ),
  extraWh: fc.integer({ min: -20, max: 400 }),
  hasRegister: fc.boolean(),
  isShuffled: fc.boolean(),
});

const withoutMeter = ({ meterStartWh: _, ...start }: SessionStarted): SessionStarted => start;

const minutesUntil = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the energy of a session', () => {
  it('is the sum of its quarters, of its hours and of its minutes, whatever its samples look like', () => {
    fc.assert(
      fc.property(pattern, ({ startsAt, steps, extraWh, hasRegister, isShuffled }) => {
        let at = startsAt;
        let register = 1000;
        const samples = steps.map((step) => {
          at += step.minutes;
          register += step.wh;
          const reading = {
            powerW: Math.abs(step.wh) * 10,
            ...(hasRegister ? { energyWh: Math.max(0, register) } : {}),
          };
          return sample(at, reading);
        });
        const told = isShuffled ? samples.toSorted((a, b) => (a.at % 7) - (b.at % 7)) : samples;
        const stop = stopped(at + 0.4, { meterStopWh: Math.max(0, register + extraWh) });
        const { ended, changes } = given(started(startsAt), ...told, stop);
        const [session] = ended;
        expect(ended).toHaveLength(1);
        if (session === undefined) return;
        expect(session.energyWh).toBeGreaterThanOrEqual(0);
        expect(sum(energyByQuarter(session.curve, session.startedAt))).toBe(session.energyWh);
        expect(sum(energyByHour(session.curve, session.startedAt))).toBe(session.energyWh);
        expect(toldWh(changes)).toBe(session.energyWh);
        for (const slot of energyByQuarter(session.curve, session.startedAt))
          expect(slot.energyWh).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('puts all energy of a session without duration into its minute', () => {
    const { changes, ended } = given(started(0), stopped(0, { meterStopWh: 1032 }));
    expect(ended[0]).toMatchObject({ energyWh: 32, startedAt: ended[0]?.endedAt });
    expect(toldWh(changes)).toBe(32);
  });

  it.each([
    ['a lifetime register', [1100, 1200], 1250, 250, []],
    ['a register of the session beside a lifetime meterStart', [100, 200], 1250, 250, ['meterSuspect']],
    ['a register that resets', [1100, 20], undefined, 120, ['meterSuspect']],
    ['a register labelled kWh that means Wh', [1_100_000, 1_200_000], 1250, 250, ['meterSuspect']],
    ['a single wild reading', [1100, 9_000_000, 1200], 1250, 250, ['meterSuspect']],
    ['an impossible meterStop', [1100, 1200], 9_000_000, 200, ['meterSuspect']],
    ['a register that falls for one reading', [1100, 1050, 1200], 1250, 250, ['meterSuspect']],
  ])('is right for %s', (_, registers, meterStopWh, energyWh, flags) => {
    const samples = registers.map((wh, index) => sample(index + 1, { energyWh: wh }));
    const stop = stopped(registers.length + 1, meterStopWh === undefined ? {} : { meterStopWh });
    const { ended } = given(started(0), ...samples, stop);
    expect(ended.map((session) => ({ energyWh: session.energyWh, flags: session.flags }))).toEqual([
      { energyWh, flags },
    ]);
  });

  it('is integrated from power where there is no register, and says so', () => {
    const readings = [1, 2, 3, 4].map((minute) => sample(minute, { powerW: 6000 }));
    const { ended } = given(withoutMeter(started(0)), ...readings, stopped(5));
    expect(ended[0]).toMatchObject({ energyWh: 400, flags: ['energyEstimated'] });
  });

  it.each([
    ['half a minute after', 0.5],
    ['a second before', -1 / 60],
    ['at the stamp of, and before,', 0],
  ])('is all that flowed where a message of its own, %s each power, tells the state of charge', (_, offset) => {
    const told = minutesUntil(60).flatMap((minute) => {
      const power = sample(minute, { powerW: 6000 });
      const soc = sample(minute + offset, { socPercent: minute });
      return offset > 0 ? [power, soc] : [soc, power];
    });
    const { ended, changes } = given(withoutMeter(started(0)), ...told, stopped(61, {}));
    expect(ended[0]).toMatchObject({ flags: ['energyEstimated'] });
    expect(ended[0]?.energyWh).toBeCloseTo(6000, 0);
    expect(toldWh(changes)).toBeCloseTo(6000, 0);
  });

  it('is the sum of its intervals where a message of its own told the state of charge under the same stamp before', () => {
    const told = minutesUntil(30).flatMap((minute) => [
      sample(minute, { socPercent: minute }),
      sample(minute, { intervalWh: 150 }),
      sample(minute, { intervalWh: 150 }),
    ]);
    const { ended, changes } = given(withoutMeter(started(0)), ...told, stopped(31, {}));
    expect(ended[0]).toMatchObject({ energyWh: 4500, flags: [] });
    expect(toldWh(changes)).toBe(4500);
  });

  it('is the sum of its intervals where the power is told within them, too', () => {
    const told = minutesUntil(60).map((minute) =>
      sample(minute, minute % 15 === 0 ? { intervalWh: 1500 } : { powerW: 6000 }),
    );
    const { ended, changes } = given(withoutMeter(started(0)), ...told, stopped(60));
    expect(ended[0]?.energyWh).toBeCloseTo(6000, 0);
    expect(toldWh(changes)).toBeCloseTo(6000, 0);
  });

  it('is multiplied by 1000, in the minutes too, where power shows that a register in Wh really counts kWh', () => {
    const readings = Array.from({ length: 12 }, (_, index) =>
      sample(index + 1, { energyWh: 1000 + (index + 1) * 0.36, powerW: 21_600 }),
    );
    const { ended, changes, types } = given(started(0), ...readings, stopped(13, { meterStopWh: 1004.68 }));
    expect(ended[0]).toMatchObject({ energyWh: 4680, flags: ['meterSuspect'] });
    expect(types.filter((type) => type === 'MeterSuspected')).toHaveLength(1);
    expect(toldWh(changes)).toBe(4680);
  });

  it('of a session that was estimated from power is what its meter shows in the end, minute by minute', () => {
    const readings = [1, 2, 3, 4].map((minute) => sample(minute, { powerW: 6000 }));
    const { ended, changes } = given(started(0), ...readings, stopped(5, { meterStopWh: 1800 }));
    expect(ended[0]).toMatchObject({ energyWh: 800, flags: [] });
    expect(toldWh(changes)).toBe(800);
  });

  it('is the estimate, minute by minute, where the registers of start and stop are 0: there is none', () => {
    const readings = [1, 2, 3, 4].map((minute) => sample(minute, { powerW: 6000 }));
    const stop = stopped(5, { meterStopWh: 0 });
    const { ended, changes } = given(started(0, { meterStartWh: 0 }), ...readings, stop);
    expect(ended[0]).toMatchObject({ energyWh: 400, flags: ['energyEstimated'] });
    expect(toldWh(changes)).toBe(400);
  });

  it('is the sum of its intervals where the registers of start and stop are 0', () => {
    const readings = [1, 2, 3, 4].map((minute) => sample(minute, { intervalWh: 100 }));
    const stop = stopped(5, { meterStopWh: 0 });
    const { ended, changes } = given(started(0, { meterStartWh: 0 }), ...readings, stop);
    expect(ended[0]).toMatchObject({ energyWh: 400, flags: [] });
    expect(toldWh(changes)).toBe(400);
  });

  it.each([
    ['and says so, of a register that stood still while power was reported', 11_000, ['meterSuspect']],
    ['of a register too coarse for what flowed', 6_000, []],
  ])('is nothing, %s', (_, powerW, flags) => {
    const readings = [2, 4, 6, 8].map((minute) => sample(minute, { powerW }));
    const { ended, changes } = given(started(0), ...readings, stopped(9, { meterStopWh: 1000 }));
    expect(ended[0]).toMatchObject({ energyWh: 0, flags });
    expect(toldWh(changes)).toBe(0);
  });

  it('keeps the estimate where the meter in the end is impossible', () => {
    const readings = [1, 2, 3, 4].map((minute) => sample(minute, { powerW: 6000 }));
    const { ended, changes } = given(started(0), ...readings, stopped(5, { meterStopWh: 90_000_000 }));
    expect(ended[0]).toMatchObject({ energyWh: 400, flags: ['energyEstimated', 'meterSuspect'] });
    expect(toldWh(changes)).toBe(400);
  });
});
