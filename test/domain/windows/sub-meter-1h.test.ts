import { describe, expect, it } from 'vitest';
import { subMeterMeasures } from '../../../domain/windows/series/sub-meter-1h.ts';

const HOUR = 3_600_000;
const hour = { fromAt: HOUR, toAt: 2 * HOUR, connectorsWh: 9500 };

describe('the sub-meter check', () => {
  it('compares the main register, read between its readings, with the sum of connectors', () => {
    const readings = [
      { at: HOUR / 2, energyWh: 100_000 },
      { at: 1.5 * HOUR, energyWh: 110_000 },
      { at: 2.5 * HOUR, energyWh: 120_000 },
    ];
    expect(subMeterMeasures({ ...hour, readings })).toEqual({
      mainWh: 10_000,
      connectorsWh: 9500,
      differenceWh: 500,
      differencePercent: 5,
    });
  });

  it('claims nothing where the register was reset or does not reach', () => {
    const reset = [
      { at: HOUR / 2, energyWh: 100_000 },
      { at: 2.5 * HOUR, energyWh: 5 },
    ];
    expect(subMeterMeasures({ ...hour, readings: reset })).toEqual({ connectorsWh: 9500 });
    expect(subMeterMeasures({ ...hour, readings: reset.slice(0, 1) })).toEqual({ connectorsWh: 9500 });
  });

  it('claims nothing for the hour of a reset alone, not for those beside it', () => {
    const registers = [0, 10_000, 20_000, 500, 10_500, 20_500, 30_500];
    const readings = registers.map((energyWh, index) => ({ at: (1 + index / 2) * HOUR, energyWh }));
    const mainWh = [1, 2, 3].map(
      (from) => subMeterMeasures({ fromAt: from * HOUR, toAt: (from + 1) * HOUR, connectorsWh: 0, readings }).mainWh,
    );
    expect(mainWh).toEqual([20_000, undefined, 20_000]);
  });
});
