import { describe, expect, it } from 'vitest';
import { blankStation } from '../../../domain/station/station-state.ts';
import { mainMeter1m } from '../../../domain/windows/series/main-meter-1m.ts';

const MINUTE = 60_000;
const rowsOf = (rev: number, ...readings: (readonly [atMs: number, energyWh: number])[]) => {
  const outbox = readings.map(
    ([at, energyWh]) => ({ id: `${at}`, type: 'MainMeterMeasured', at, receivedAt: at, energyWh }) as const,
  );
  return (
    mainMeter1m.source.ofStation?.({ state: { ...blankStation('S1'), rev, outbox }, registration: undefined }) ?? []
  );
};

describe('the row of a minute of the main meter', () => {
  it('has the later reading of the minute, whichever was told first', () => {
    const [late] = rowsOf(7, [5 * MINUTE + 10_000, 100]);
    const [early] = rowsOf(3, [5 * MINUTE + 50_000, 140]);
    expect([late?.startAt, early?.startAt]).toEqual([5 * MINUTE, 5 * MINUTE]);
    expect((early?.version ?? 0) > (late?.version ?? 0)).toBe(true);
  });
});
