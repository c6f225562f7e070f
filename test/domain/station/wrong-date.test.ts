import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../domain/kernel/durations.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { noon } from '../../support/station-days.ts';
import { toldMinutes } from '../../support/told-minutes.ts';

/** Stamped by a clock that is 20 hours behind, received in the given minute after noon. */
const behind = (minute: number) => ({
  at: noon - 20 * HOUR_MS + minute * MINUTE_MS,
  receivedAt: noon + minute * MINUTE_MS,
});
const first = { transactionId: 'T0', meterStartWh: 0 };
const ofFirst = [started(0, first), stopped(20, { transactionId: 'T0', meterStopWh: 1000 })];
const begun = [
  ...ofFirst,
  started(30, { meterStartWh: 1000, ...behind(30) }),
  sample(40, { energyWh: 2000 }, behind(40)),
];

describe('a session that begins while the clock of its station is 20 hours behind', () => {
  it('is one of the past while all it tells is stamped before sessions that ended since', () => {
    const { connector } = given(...begun);
    expect(connector(1)).toMatchObject({ past: { transactionId: 'T1', startedAt: noon - 19.5 * HOUR_MS } });
    expect(connector(1)?.session).toBeUndefined();
  });

  it('is the live one, from when its messages came, once its clock is right', () => {
    const { connector, ended, changes } = given(
      ...begun,
      sample(50, { energyWh: 3000 }),
      stopped(60, { meterStopWh: 4000 }),
    );
    expect(connector(1)?.past).toBeUndefined();
    expect(
      ended.map(({ transactionId, startedAt, endedAt, energyWh, flags }) => [
        transactionId,
        startedAt,
        endedAt,
        energyWh,
        flags,
      ]),
    ).toEqual([
      ['T0', noon, noon + 20 * MINUTE_MS, 1000, []],
      ['T1', noon + 30 * MINUTE_MS, noon + 60 * MINUTE_MS, 3000, ['clockCorrected']],
    ]);
    const minutes = toldMinutes(changes).filter(({ startAt }) => startAt >= noon + 30 * MINUTE_MS);
    expect(minutes.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBeCloseTo(3000, 3);
  });

  it('stays one of the past where another one is open, and where it would lie over one that ended', () => {
    const beside = given(
      ...begun,
      started(45, { transactionId: 'T2', meterStartWh: 2500 }),
      sample(50, { energyWh: 3000 }),
    );
    expect(beside.connector(1)).toMatchObject({ session: { transactionId: 'T2' }, past: { transactionId: 'T1' } });
    const over = given(
      started(10, { meterStartWh: 0, ...behind(10) }),
      started(0, { ...first, transactionId: 'T0' }),
      sample(15, { energyWh: 500 }, behind(15)),
      stopped(20, { transactionId: 'T0', meterStopWh: 1000 }),
      sample(30, { energyWh: 2000 }),
    );
    expect(over.connector(1)).toMatchObject({ past: { transactionId: 'T1' } });
    expect(over.connector(1)?.session).toBeUndefined();
  });
});
