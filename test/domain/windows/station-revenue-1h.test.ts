import { describe, expect, it } from 'vitest';
import { revenueMeasures } from '../../../domain/windows/series/station-revenue-1h.ts';

describe('revenue of an hour', () => {
  it('counts energy when it flowed and sessions when they stopped; open sessions complete nothing', () => {
    expect(
      revenueMeasures([
        { energyWh: 4000, revenueMinor: 120, completed: { energyWh: 10_000, durationMs: 3_600_000 } },
        { energyWh: 1000, revenueMinor: 30, completed: { energyWh: 2000, durationMs: 600_000 } },
        { energyWh: 7000, revenueMinor: 0 },
      ]),
    ).toEqual({ sessionsCompleted: 2, energyWh: 12_000, meanEnergyWh: 6000, meanMinutes: 35, revenueMinor: 150 });
  });
});
