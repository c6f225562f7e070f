import { describe, expect, it } from 'vitest';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon } from '../../support/station-days.ts';
import { toldWh } from '../../support/told-minutes.ts';

/** Six sessions of one connector, one after the other without a gap, as a charger delivers them from its queue. */
const week = Array.from({ length: 6 }, (_, index) => {
  const late = { receivedAt: noon + minutes(10_000) };
  const transactionId = `T${index}`;
  const meterStartWh = 1000 + index * 5000;
  const from = index * 60;
  return [
    started(from, { transactionId, meterStartWh, ...late }),
    ...[15, 30, 45].map((quarter) =>
      sample(from + quarter, { energyWh: meterStartWh + quarter * 100, context: 'clock' }, { transactionId, ...late }),
    ),
    stopped(from + 60, { transactionId, meterStopWh: meterStartWh + 5000, ...late }),
  ];
}).flat();

const records = (ended: ReturnType<typeof given>['ended']) => ended.map(({ rev: _, ...record }) => record);
describe('a week delivered from a queue', () => {
  const once = given(...week);
  const twice = given(...week, ...week);

  it('has every session with its energy', () => {
    expect(once.ended.map(({ energyWh }) => energyWh)).toEqual([5000, 5000, 5000, 5000, 5000, 5000]);
    expect(toldWh(once.changes)).toBeCloseTo(30_000, 3);
  });

  it('gives the same records when it is delivered again', () => {
    const again = records(twice.ended).slice(6);
    expect(again).toEqual(
      records(once.ended).filter(({ sessionId }) => again.some((other) => other.sessionId === sessionId)),
    );
    expect(twice.connector(1)?.session).toBe(undefined);
  });
});
