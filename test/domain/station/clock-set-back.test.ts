import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

const at = (minute: number): number => noon + minutes(minute);
/** Stamped so many minutes too early, received in the given minute after noon. */
const backBy = (byMin: number) => (minute: number) => ({ at: at(minute - byMin), receivedAt: at(minute) });
const toldWh = (changes: ReturnType<typeof given>['changes'], from = 0, to = 1e6) =>
  toldMinutes(changes)
    .filter(({ startAt }) => startAt >= at(from) && startAt < at(to))
    .reduce((sum, { energyWh }) => sum + energyWh, 0);
const { meterStartWh: __, ...unmetered } = started(0);
const begun = [started(0), sample(10, { energyWh: 2000 }), sample(20, { energyWh: 3000 })];

describe('a session in the midst of which the clock of its station is set back', () => {
  it.each([
    ['to before its start', 20 * 60],
    ['to between its readings', 15],
  ])('(%s) counts its readings from when they came', (_, byMin) => {
    const back = backBy(byMin);
    const open = given(
      ...begun,
      sample(30, { energyWh: 4000, powerW: 6000 }, back(30)),
      sample(40, { energyWh: 5000, powerW: 5000 }, back(40)),
    );
    expect(open.connector(1)?.session).toMatchObject({ energyWh: 4000, powerW: 5000, sampledAt: at(40) });
    const told = given(
      ...begun,
      sample(30, { energyWh: 4000 }, back(30)),
      sample(40, { energyWh: 5000 }, back(40)),
      stopped(50, { meterStopWh: 6000, ...back(50) }),
    );
    expect(told.ended).toMatchObject([{ startedAt: noon, endedAt: at(50), energyWh: 5000, flags: ['clockCorrected'] }]);
    expect(toldWh(told.changes)).toBeCloseTo(5000, 3);
    expect(toldWh(told.changes, 30, 40)).toBeCloseTo(1000, 3);
  });

  it('has all its energy where the stamps pass those of before, and where the clock is right again', () => {
    const back = backBy(60);
    const readings = Array.from({ length: 12 }, (_, index) => 30 + index * 10);
    const told = given(
      ...begun,
      ...readings.map((minute) => sample(minute, { energyWh: 1000 + minute * 100 }, back(minute))),
      sample(150, { energyWh: 16_000 }),
      stopped(160, { meterStopWh: 17_000 }),
    );
    expect(told.ended).toMatchObject([{ endedAt: at(160), energyWh: 16_000, flags: ['clockCorrected'] }]);
    expect(toldWh(told.changes, 30, 140)).toBeCloseTo(11_000, 3);
  });

  it('counts from when it came what is stamped as far behind as a reading before, whatever it shows', () => {
    const back = backBy(40);
    const idle = [started(0), sample(20, { energyWh: 1000 }, back(20)), sample(38, { energyWh: 1000 }, back(38))];
    expect(given(...idle).connector(1)?.session).toMatchObject({ energyWh: 0, sampledAt: at(38) });
    const right = given(
      ...idle,
      sample(60, { energyWh: 3000 }),
      sample(50, { energyWh: 2000 }, { receivedAt: at(61) }),
    );
    expect(right.connector(1)?.session).toMatchObject({ energyWh: 2000, sampledAt: at(60), flags: ['clockCorrected'] });
  });

  it('goes on no more than a day after its last reading, though its queue comes weeks later', () => {
    const weeks = 20 * 24 * 60;
    const queued = sample(15, { energyWh: 4000 }, { receivedAt: at(weeks) });
    expect(given(...begun, queued).connector(1)?.session).toMatchObject({ sampledAt: at(20 + 24 * 60) });
  });

  it('counts when it came what is stamped a little before the last reading and shows too much for that', () => {
    const fast = given.at([{ ...on(1), connectorType: 'CCS2', ratedW: 300_000 }]);
    const back = backBy(4.5);
    const stopping = fast(started(0), sample(1, { energyWh: 1000 }), stopped(5, { meterStopWh: 21_000, ...back(5) }));
    expect(stopping.ended).toMatchObject([{ endedAt: at(5), energyWh: 20_000, flags: ['clockCorrected'] }]);
    const reading = fast(started(0), sample(1, { energyWh: 1000 }), sample(5, { energyWh: 21_000 }, back(5)));
    expect(reading.connector(1)?.session).toMatchObject({ energyWh: 20_000, sampledAt: at(5) });
  });

  it('ends when its stop came, where that tells no register', () => {
    const back = backBy(25);
    const told = given(...begun, sample(30, { energyWh: 4000 }, back(30)), stopped(40, back(40)));
    expect(told.ended).toMatchObject([{ endedAt: at(40), energyWh: 3000 }]);
  });

  it('ends by the stamp of a stop that tells no register, where no other stamp was wrong', () => {
    const { transactionId: _, ...idle } = sample(30, { energyWh: 3000 });
    expect(given(...begun, idle, stopped(22, { receivedAt: at(40) })).ended).toMatchObject([{ endedAt: at(22) }]);
  });

  it('ends when its stop came, where only that is stamped by the wrong clock', () => {
    const told = given(...begun, stopped(30, { meterStopWh: 4000, ...backBy(15)(30) }));
    expect(told.ended).toMatchObject([{ endedAt: at(30), energyWh: 3000, flags: ['clockCorrected'] }]);
  });

  it('counts with the last reading what is stamped a moment before it and shows more', () => {
    const read = given(...begun, sample(20.5, { energyWh: 3050 }, backBy(1)(20.5)));
    expect(read.connector(1)?.session).toMatchObject({ energyWh: 2050, sampledAt: at(20), flags: [] });
    const told = given(...begun, stopped(20.5, { meterStopWh: 3050, ...backBy(1)(20.5) }));
    expect(told.ended).toMatchObject([{ endedAt: at(20), energyWh: 2050, flags: [] }]);
    const ahead = given(...begun, sample(5, { energyWh: 3100 }, { receivedAt: at(19) }));
    expect(ahead.connector(1)?.session).toMatchObject({ energyWh: 2100, sampledAt: at(20) });
  });

  it.each([
    ['its start', [started(0)], 1000, 0],
    ['its start, which told no register', [unmetered], 71_000, 0],
    ['readings', begun, 3000, 2000],
    ['readings with fractions', [...begun, sample(21, { energyWh: 3000.6 })], 3000, 2000.6],
  ])(
    'shows the power of a reading that is stamped before the start, and shows no more than %s',
    (_, story, register, energyWh) => {
      const { connector } = given(...story, sample(30, { energyWh: register, powerW: 40 }, backBy(600)(30)));
      expect(connector(1)?.session).toMatchObject({ energyWh, powerW: 40, sampledAt: at(30) });
    },
  );
});

describe('a session told by a clock that is set back at any time, and right again at any other', () => {
  const steps = fc.array(fc.record({ min: fc.integer({ min: 1, max: 30 }), power: fc.integer({ min: 0, max: 22 }) }), {
    minLength: 1,
    maxLength: 20,
  });
  it('has the energy between its meters, and so have its minutes', () => {
    fc.assert(
      fc.property(
        steps,
        fc.nat(20),
        fc.nat(20),
        fc.integer({ min: 33, max: 30 * 60 }),
        (parts, from, length, byMin) => {
          const read = parts.map((_, index) => {
            const until = parts.slice(0, index + 1);
            const minute = until.reduce((sum, { min }) => sum + min, 0);
            const energyWh =
              1000 + Math.round(until.reduce((sum, { min, power }) => sum + (min * power * 1000) / 60, 0));
            const isBack = index >= from && index <= from + length;
            return { minute, energyWh, times: backBy(isBack ? byMin : 0)(minute) };
          });
          const stop = read.at(-1) ?? { minute: 0, energyWh: 1000, times: backBy(0)(0) };
          const { ended, changes } = given(
            started(0),
            ...read.map(({ minute, energyWh, times }) => sample(minute, { energyWh }, times)),
            stopped(stop.minute, { meterStopWh: stop.energyWh, ...stop.times }),
          );
          expect(ended).toMatchObject([{ energyWh: stop.energyWh - 1000 }]);
          expect(toldWh(changes)).toBeCloseTo(stop.energyWh - 1000, 2);
        },
      ),
    );
  });
});

describe('a reading that is stamped before others and came after them', () => {
  const late = (energyWh: number, more = {}) => sample(15, { energyWh }, { receivedAt: at(30), ...more });

  it('completes the session where it shows less than they do', () => {
    const { connector, types } = given(...begun, late(2100));
    expect(connector(1)?.session).toMatchObject({ energyWh: 2000, sampledAt: at(20), flags: [] });
    expect(types).not.toContain('MeterSuspected');
  });

  it.each([3000, 3000.8])(
    'is of then where it shows what the last one does (%s), though it came much later',
    (register) => {
      expect(given(...begun, late(register)).connector(1)?.session).toMatchObject({
        energyWh: 2000,
        sampledAt: at(20),
      });
    },
  );

  it('is doubted where it shows more than those after it, but less than the last', () => {
    const { connector } = given(...begun, sample(5, { energyWh: 2500 }, { receivedAt: at(30) }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 2000, sampledAt: at(20), flags: ['meterSuspect'] });
  });

  it('is not believed where it shows more than can have flowed, or by a register that was reset', () => {
    const far = given(...begun, late(900_000));
    expect(far.connector(1)?.session).toMatchObject({ energyWh: 2000, flags: ['meterSuspect'] });
    const reset = given(...begun, sample(25, { energyWh: 5 }), late(2500));
    expect(reset.connector(1)?.session).toMatchObject({ energyWh: 2005, sampledAt: at(25) });
  });

  it('does not hold for a session of which only a later message is known: that reaches back to it', () => {
    const { connector } = given(
      { ...said(at(20)), type: 'SessionUpdated', transactionId: 'T1', seqNo: 3, ...on(1) },
      sample(20, { energyWh: 3000 }, { seqNo: 3 }),
      sample(5, { energyWh: 3000 }, { seqNo: 2, receivedAt: at(21) }),
    );
    expect(connector(1)?.session).toMatchObject({ startedAt: at(5), sampledAt: at(20) });
  });

  it('says nothing of when a session of the past ended: others began since', () => {
    const { ended } = given(
      started(30, { transactionId: 'T2', meterStartWh: 9000 }),
      ...begun.map((fact) => ({ ...fact, receivedAt: at(31) })),
      stopped(15, { meterStopWh: 4000, receivedAt: at(32) }),
    );
    expect(ended).toMatchObject([{ transactionId: 'T1', endedAt: at(15) }]);
  });

  it('is of the time by its stamp where it does not name the session', () => {
    const { transactionId: _, ...unnamed } = sample(30, { energyWh: 4000 }, backBy(15)(30));
    expect(given(...begun, unnamed).connector(1)?.session?.energyWh).toBe(2000);
  });
});
