import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { toldWh } from '../../support/told-minutes.ts';

/** How a station may show a register of `lifetimeWh`, `sessionWh` of which belong to the session; `stepWh` since it was reset. */
const showings = {
  lifetime: (lifetimeWh: number) => lifetimeWh,
  'of the session': (_: number, sessionWh: number) => sessionWh,
  'in Wh under the name of kWh': (lifetimeWh: number) => lifetimeWh * 1000,
  'in kWh under the name of Wh': (lifetimeWh: number) => lifetimeWh / 1000,
  'reset within the session': (lifetimeWh: number, sessionWh: number, resetWh: number) =>
    sessionWh >= resetWh ? sessionWh - resetWh : lifetimeWh,
};
type Showing = keyof typeof showings;

const day = fc.record({
  showing: fc.constantFrom(...(Object.keys(showings) as Showing[])),
  // A brand-new meter, or one with a life behind it: between the two a register of a few Wh can mean anything.
  startWh: fc.oneof(fc.constant(0), fc.integer({ min: 20_000, max: 50_000_000 })),
  gains: fc.array(fc.integer({ min: 60, max: 366 }), { minLength: 3, maxLength: 40 }),
  resetAfter: fc.nat(40),
  hasPower: fc.boolean(),
});

describe('whatever a register shows', () => {
  it('a session never has more energy than flowed, and in the end what its meters say', () => {
    fc.assert(
      fc.property(day, ({ showing, startWh, gains, resetAfter, hasPower }) => {
        const reached = gains.map((_, index) => gains.slice(0, index + 1).reduce((sum, wh) => sum + wh, 0));
        const totalWh = reached.at(-1) ?? 0;
        const resetWh = reached[resetAfter] ?? Number.POSITIVE_INFINITY;
        const samples = reached.map((sessionWh, index) =>
          sample(index + 1, {
            energyWh: showings[showing](startWh + sessionWh, sessionWh, resetWh),
            ...(hasPower ? { powerW: (gains[index] ?? 0) * 60 } : {}),
          }),
        );
        const messages = [started(0, { meterStartWh: startWh }), ...samples];
        const before = given(...messages).connector(1)?.session?.energyWh ?? Number.NaN;
        expect(before).toBeLessThanOrEqual(totalWh + 1);
        const { ended, changes } = given(...messages, stopped(gains.length, { meterStopWh: startWh + totalWh }));
        expect(ended.map(({ energyWh }) => energyWh)).toEqual([totalWh]);
        const measured = changes.flatMap((change) => (change.type === 'SessionMeasured' ? [change.energyWh] : []));
        expect(measured).toEqual(measured.toSorted((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it('one in Wh is never taken for one in kWh, however its car stands still and draws again', () => {
    const parts = fc.array(
      fc.record({ min: fc.integer({ min: 1, max: 20 }), powerW: fc.constantFrom(0, 10, 60, 5_000, 22_000) }),
      { minLength: 2, maxLength: 12 },
    );
    fc.assert(
      fc.property(parts, fc.boolean(), (stretches, isOfNext) => {
        const read = stretches.map((_, index) => {
          const until = stretches.slice(0, index + 1);
          return {
            minute: until.reduce((sum, { min }) => sum + min, 0),
            wh: Math.round(until.reduce((sum, { min, powerW }) => sum + (min * powerW) / 60, 0)),
            // A charger reads its meter when the power changes: just before, or just after.
            powerW: stretches[isOfNext ? index + 1 : index]?.powerW ?? 0,
          };
        });
        const { minute, wh } = read.at(-1) ?? { minute: 0, wh: 0 };
        const { ended } = given(
          started(0, { meterStartWh: 50_000 }),
          ...read.map((one) => sample(one.minute, { energyWh: 50_000 + one.wh, powerW: one.powerW })),
          stopped(minute, { meterStopWh: 50_000 + wh }),
        );
        expect(ended).toMatchObject([{ energyWh: wh, flags: [] }]);
      }),
      { numRuns: 500 },
    );
  });

  it('and one that dips for some readings and comes back has counted what it counts in the end', () => {
    const dipped = (minute: number) => 50_000 + 100 * minute - (minute >= 8 && minute <= 10 ? 3_000 : 0);
    const samples = Array.from({ length: 19 }, (_, index) => sample(index + 1, { energyWh: dipped(index + 1) }));
    const { ended } = given(started(0, { meterStartWh: 50_000 }), ...samples, stopped(20, { meterStopWh: 52_000 }));
    expect(ended).toMatchObject([{ energyWh: 2_000, flags: ['meterSuspect'] }]);
  });

  it.each([0, 1_000])(
    'and one that began at %i Wh and shows nothing for some readings has not been reset',
    (startWh) => {
      const shown = (minute: number) => (minute >= 8 && minute <= 10 ? 0 : startWh + 100 * minute);
      const samples = Array.from({ length: 19 }, (_, index) => sample(index + 1, { energyWh: shown(index + 1) }));
      const messages = [
        started(0, { meterStartWh: startWh }),
        ...samples,
        stopped(20, { meterStopWh: startWh + 2_000 }),
      ];
      expect(given(...messages).ended).toMatchObject([{ energyWh: 2_000, flags: ['meterSuspect'] }]);
    },
  );

  it.each([
    ['tells the same', (_: number, sameWh: number) => sameWh],
    ['shows nothing', () => 0],
  ])('and one that %s for some readings has counted what flowed meanwhile', (_, shown) => {
    const register = (minute: number) => 50_000 + 300 * minute;
    const samples = Array.from({ length: 39 }, (__, index) => index + 1).map((minute) =>
      sample(minute, { energyWh: minute > 5 && minute <= 30 ? shown(minute, register(5)) : register(minute) }),
    );
    const { ended } = given(started(0, { meterStartWh: 50_000 }), ...samples, stopped(40, { meterStopWh: 62_000 }));
    expect(ended).toMatchObject([{ energyWh: 12_000, flags: ['meterSuspect'] }]);
  });

  it.each([
    ['nothing', 70_000, [0, 0, 0]],
    ['nothing, counting the session,', 0, [0, 0, 0]],
    ['what cannot be', 70_000, [9_999_999]],
    ['what cannot be, having counted little,', 1_400, [9_999_999]],
  ])('and one that shows %s at first has counted from its start', (_, startWh, firstWh) => {
    const samples = Array.from({ length: 19 }, (__, index) =>
      sample(5 * (index + 1), { energyWh: firstWh[index] ?? startWh + 1500 * (index + 1) }),
    );
    const { ended } = given(
      started(0, { meterStartWh: startWh }),
      ...samples,
      stopped(100, { meterStopWh: startWh + 30_000 }),
    );
    expect(ended).toMatchObject([{ energyWh: 30_000, flags: ['meterSuspect'] }]);
  });

  it('and one that shows too much once, which could have flowed, has counted from start to stop', () => {
    const register = (minute: number) => 50_000 + 100 * minute + (minute === 60 ? 6_000 : 0);
    const samples = Array.from({ length: 19 }, (_, index) => 15 * (index + 1)).map((minute) =>
      sample(minute, { energyWh: register(minute) }),
    );
    const messages = [started(0, { meterStartWh: 50_000 }), ...samples, stopped(300, { meterStopWh: 80_000 })];
    expect(given(...messages).ended).toMatchObject([{ energyWh: 30_000, flags: ['meterSuspect'] }]);
  });

  it('and one that jumps by more than can have flowed since the last reading has not counted that', () => {
    const jumped = (minute: number) => 50_000 + 100 * minute + (minute >= 60 ? 40_000 : 0);
    const samples = Array.from({ length: 299 }, (_, index) => sample(index + 1, { energyWh: jumped(index + 1) }));
    const messages = [started(0, { meterStartWh: 50_000 }), ...samples, stopped(300, { meterStopWh: jumped(300) })];
    // What flowed in the minute of the jump is not known.
    expect(given(...messages).ended).toMatchObject([{ energyWh: 29_900, flags: ['meterSuspect'] }]);
  });
});

describe('a register that counts its session, and begins with the count of the one before', () => {
  it.each([0, 200])('is billed whole where it first shows %i Wh', (firstWh) => {
    const samples = [firstWh, 5_700, 11_200].map((energyWh, index) => sample(15 * index + 1, { energyWh }));
    const { ended } = given(started(0, { meterStartWh: 5_100 }), ...samples, stopped(35, { meterStopWh: 12_000 }));
    expect(ended).toMatchObject([{ energyWh: 12_000 }]);
  });
});

describe('a register that is told in Wh at start and stop, and in steps between', () => {
  const steps = fc.record({
    stepWh: fc.constantFrom(10, 100, 1000),
    round: fc.constantFrom(Math.floor, Math.round),
    startWh: fc.integer({ min: 1000, max: 900_000 }),
    gains: fc.array(fc.integer({ min: 0, max: 366 }), { minLength: 1, maxLength: 40 }),
  });

  it('is billed from start to stop, and not suspected', () => {
    fc.assert(
      fc.property(steps, ({ stepWh, round, startWh, gains }) => {
        const reached = gains.map((_, index) => gains.slice(0, index + 1).reduce((sum, wh) => sum + wh, 0));
        const samples = reached.map((wh, index) =>
          sample(index + 1, { energyWh: round((startWh + wh) / stepWh) * stepWh }),
        );
        const energyWh = reached.at(-1) ?? 0;
        const stop = stopped(gains.length, { meterStopWh: startWh + energyWh });
        const { ended, changes } = given(started(0, { meterStartWh: startWh }), ...samples, stop);
        expect(ended).toMatchObject([{ energyWh, flags: [] }]);
        expect(toldWh(changes)).toBeCloseTo(energyWh, 3);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a register that is told in Wh and in parts of them by turns', () => {
  it('suspects no meter where the reading that seemed to fall comes again', () => {
    const readings = [1000.4, 1000, 1000, 1000.4].map((energyWh, index) => sample(index + 1, { energyWh }));
    const messages = [started(0, { meterStartWh: 1000 }), ...readings, ...readings.slice(1, 3)];
    expect(given(...messages).connector(1)?.session).toMatchObject({ energyWh: 0.4, flags: [] });
  });
});
