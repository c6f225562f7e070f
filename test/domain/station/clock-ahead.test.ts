import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

  it('counts from its receipt what cannot have been said before the last reading', () => {
    const back = { at: at(20), receivedAt: at(20), stampedAt: at(20) + minutes(60), clock: 'receiver' as const };
    const { connector } = given(started(0, ahead(0)), read(10), sample(20, { energyWh: 9_000 }, back));
    expect(connector(1)?.session).toMatchObject({ energyWh: 8_000, sampledAt: at(20) });
  });
});

describe('any session of a station whose clock is ahead until it is set', () => {
  const step = fc.record({
    afterMin: fc.integer({ min: 4, max: 15 }),
    powerW: fc.constantFrom(0, 4_000, 11_000, 22_000),
    isQueued: fc.boolean(),
  });
  const session = fc.record({
    aheadMin: fc.integer({ min: 6, max: 24 * 60 }),
    steps: fc.array(step, { minLength: 2, maxLength: 14 }),
    rightFrom: fc.integer({ min: 1, max: 20 }),
  });

  it('has all its energy, however its readings are queued', () => {
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
        const header = (saidMinute: number, receivedMinute: number, isRight: boolean) =>
          isRight
            ? { at: at(saidMinute), receivedAt: at(receivedMinute) }
            : {
                at: at(receivedMinute),
                receivedAt: at(receivedMinute),
                stampedAt: at(saidMinute + aheadMin),
                clock: 'receiver' as const,
              };
        const { ended } = given(
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
      }),
      { numRuns: 300 },
    );
  });
});
