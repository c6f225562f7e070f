import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_AHEAD_MS } from '../../../domain/kernel/durations.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on } from '../../support/station-days.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

const at = (minute: number): number => noon + minutes(minute);
const AHEAD_MS = minutes(20 * 60);

/** Said in a minute after noon by a clock that is 20 hours ahead, and received then or later: it counts from its receipt. */
const ahead = (saidMinute: number, receivedMinute = saidMinute) => ({
  at: at(receivedMinute),
  receivedAt: at(receivedMinute),
  stampedAt: at(saidMinute) + AHEAD_MS,
  clock: 'receiver' as const,
});
/** 22 kW and a little more: 4,000 Wh each ten minutes. */
const read = (saidMinute: number, receivedMinute = saidMinute) =>
  sample(saidMinute, { energyWh: 1000 + saidMinute * 400 }, ahead(saidMinute, receivedMinute));
const toldWh = (changes: ReturnType<typeof given>['changes'], from: number, to: number) =>
  toldMinutes(changes)
    .filter(({ startAt }) => startAt >= at(from) && startAt < at(to))
    .reduce((sum, { energyWh }) => sum + energyWh, 0);

describe('a session of a station whose clock is far ahead', () => {
  it('has the energy of each reading of a queue where it was taken, by the distance of those that came at once', () => {
    const { connector, changes } = given(
      started(0, ahead(0)),
      read(10),
      read(20, 50.5),
      read(30, 50.5),
      read(40, 50.5),
      read(60),
    );
    expect(connector(1)?.session).toMatchObject({ energyWh: 24_000, sampledAt: at(60), flags: ['clockCorrected'] });
    expect(toldWh(changes, 20, 30)).toBeCloseTo(4000, 3);
  });

  it('knows the distance from its start', () => {
    const { connector } = given(started(0, ahead(0)), read(10, 50.5), read(20, 50.5), read(30, 50.5), read(40, 50.5));
    expect(connector(1)?.session).toMatchObject({ energyWh: 16_000, sampledAt: at(40) });
  });

  it('ends when it did, though its stop lay in the queue', () => {
    const { ended } = given(
      started(0, ahead(0)),
      read(10),
      read(20, 50.5),
      stopped(30, { ...ahead(30, 50.5), meterStopWh: 13_000, ...on(1) }),
    );
    expect(ended).toMatchObject([{ endedAt: at(30), energyWh: 12_000 }]);
  });

  it('has the energy between its registers where all of it lay in a queue, but not more than fits its stamps', () => {
    const energyOf = (meterStopWh: number) =>
      given(
        started(0, { ...ahead(0, 50), meterStartWh: 1000 }),
        read(20, 50.001),
        stopped(40, { ...ahead(40, 50.002), meterStopWh, ...on(1) }),
      ).ended.map(({ energyWh }) => energyWh);
    expect(energyOf(17_000)).toEqual([16_000]);
    expect(energyOf(170_000)).toEqual([8_000]);
  });

  it('counts from its receipt what cannot have been said before the last reading', () => {
    const back = { at: at(20), receivedAt: at(20), stampedAt: at(20) + minutes(60), clock: 'receiver' as const };
    const { connector } = given(started(0, ahead(0)), read(10), sample(20, { energyWh: 9_000 }, back));
    expect(connector(1)?.session).toMatchObject({ energyWh: 8_000, sampledAt: at(20) });
  });
});

/** The same with a fast charger: 5,000 Wh a minute at most. */
const givenFast = given.at([{ ...on(1), connectorType: 'CCS2', ratedW: 300_000 }]);

describe('a session of a station whose clock is a few minutes ahead until it is set', () => {
  /** Said by a clock that is 4 minutes ahead: its stamps are believed. */
  const early = (minute: number) => ({ at: at(minute + 4), receivedAt: at(minute) });

  it('has the energy of the reading after it at once, though by the stamps it would be beyond the rating', () => {
    const { connector } = givenFast(started(0, early(0)), sample(5, { energyWh: 26_000 }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 25_000, powerW: 300_000, flags: [] });
  });

  it('has the energy of a reading that is stamped before one from before', () => {
    const ahead = sample(1, { energyWh: 6_000 }, early(1));
    const { connector } = givenFast(started(0, early(0)), ahead, sample(4.5, { energyWh: 23_500 }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 22_500, flags: [] });
  });

  it('knows from any of its readings that the clock was ahead', () => {
    const { connector } = givenFast(
      started(0),
      sample(1, { energyWh: 1_000 }, early(1)),
      sample(6, { energyWh: 26_000 }),
    );
    expect(connector(1)?.session).toMatchObject({ energyWh: 25_000, flags: [] });
  });

  it('keeps nothing of a clock that is off by less than a minute', () => {
    const hardly = { at: at(10), receivedAt: at(9.5) };
    const { connector } = givenFast(started(0), sample(10, { energyWh: 2_000 }, hardly));
    expect(connector(1)?.session).not.toHaveProperty('stampsAheadMs');
  });

  it('has the energy of a stop after it, whether the stop names it or not', () => {
    const stop = (more: object) => stopped(5, { meterStopWh: 26_000, tag: 'TAG', ...more });
    const named = givenFast(started(0, early(0)), stop({}));
    const unnamed = givenFast(started(0, early(0)), stop({ transactionId: 'invented' }));
    for (const { ended } of [named, unnamed]) expect(ended).toMatchObject([{ energyWh: 25_000, flags: [] }]);
  });

  it('doubts what is beyond the rating by the times the readings came at too', () => {
    const { connector } = givenFast(started(0, early(0)), sample(5, { energyWh: 61_000 }));
    expect(connector(1)?.session).toMatchObject({ energyWh: 0, flags: ['meterSuspect'] });
  });

  it('doubts what is beyond the rating as long as the clock is as far ahead', () => {
    const { connector } = givenFast(started(0, early(0)), sample(1, { energyWh: 26_000 }, early(1)));
    expect(connector(1)?.session).toMatchObject({ energyWh: 0, flags: ['meterSuspect'] });
  });
});

describe('any session of a station whose clock is ahead until it is set', () => {
  const step = fc.record({
    afterMin: fc.integer({ min: 4, max: 15 }),
    powerW: fc.constantFrom(0, 11_000, 150_000, 300_000),
    isQueued: fc.boolean(),
  });
  const session = fc.record({
    // So far ahead that no queue of a session lasts long enough for its stamps to be believed.
    aheadMin: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 240, max: 24 * 60 })),
    steps: fc.array(step, { minLength: 2, maxLength: 14 }),
    rightFrom: fc.integer({ min: 1, max: 20 }),
  });

  it('has all its energy, however its readings are queued, and its meter is not doubted where stamps are believed', () => {
    fc.assert(
      fc.property(session, ({ aheadMin, steps, rightFrom }) => {
        let [minute, energyWh] = [0, 0];
        const told = steps.map(({ afterMin, powerW, isQueued }, index) => {
          minute += afterMin;
          energyWh += Math.round((powerW * afterMin) / 60);
          return { minute, energyWh, isQueued: isQueued && index < steps.length - 1, isRight: index >= rightFrom };
        });
        const heardAt = (index: number): number =>
          told.slice(index).find(({ isQueued }) => !isQueued)?.minute ?? minute;
        const header = (saidMinute: number, receivedMinute: number, isRight: boolean) => {
          const receivedAt = at(receivedMinute);
          const stampedAt = at(saidMinute + (isRight ? 0 : aheadMin));
          const isBelieved = stampedAt <= receivedAt + CLOCK_AHEAD_MS;
          return isBelieved
            ? { at: stampedAt, receivedAt }
            : { at: receivedAt, receivedAt, stampedAt, clock: 'receiver' as const };
        };
        const { ended } = givenFast(
          started(0, header(0, 0, false)),
          ...told
            .slice(0, -1)
            .map((one, index) =>
              sample(one.minute, { energyWh: 1000 + one.energyWh }, header(one.minute, heardAt(index), one.isRight)),
            ),
          stopped(minute, {
            ...header(minute, minute, told.at(-1)?.isRight ?? false),
            meterStopWh: 1000 + energyWh,
            ...on(1),
          }),
        );
        expect(ended.map((record) => record.energyWh)).toEqual([energyWh]);
        if (aheadMin <= 5) expect(ended[0]?.flags).not.toContain('meterSuspect');
      }),
      { numRuns: 300 },
    );
  });
});
