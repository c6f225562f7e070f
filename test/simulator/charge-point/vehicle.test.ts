import { describe, expect, it } from 'vitest';
import { arrivingVehicle, charged, takenW, type Vehicle } from '../../../simulator/charge-point/cars/vehicle.ts';
import { random } from '../../../simulator/random.ts';

const car: Vehicle = {
  batteryWh: 77_000,
  directW: 175_000,
  perPhaseW: 3_700,
  phases: 3,
  targetPercent: 100,
  socPercent: 40,
};
const direct = { ratedW: 350_000, alternating: false, limitW: Infinity };

describe('a car at the connector', () => {
  it('takes what its battery takes, at most what the connector is rated for, and no more than the limit', () => {
    expect(takenW(car, direct)).toBe(175_000);
    expect(takenW(car, { ...direct, ratedW: 50_000 })).toBe(50_000);
    expect(takenW(car, { ...direct, limitW: 11_000 })).toBe(11_000);
    expect(takenW(car, { ...direct, limitW: 0 })).toBe(0);
  });

  it('takes less and less above 80 percent, and nothing when it has what it wants', () => {
    const at = (socPercent: number) => takenW({ ...car, socPercent }, direct);
    expect([at(80), at(90), at(99.9), at(100)]).toEqual([
      175_000,
      expect.closeTo(96_250, 3),
      expect.closeTo(18_287.5, 0),
      0,
    ]);
    expect(takenW({ ...car, socPercent: 80, targetPercent: 80 }, direct)).toBe(0);
  });

  it('uses as many phases as both it and the outlet have', () => {
    const outlet = { alternating: true, limitW: Infinity };
    expect(takenW(car, { ...outlet, ratedW: 22_000 })).toBe(11_100);
    expect(takenW(car, { ...outlet, ratedW: 7_400 })).toBe(3_700);
    expect(takenW({ ...car, phases: 1, perPhaseW: 7_400 }, { ...outlet, ratedW: 22_000 })).toBeCloseTo(7_333, 0);
  });

  it('never charges past full', () => {
    expect(charged(car, 1_000_000).socPercent).toBe(100);
  });

  it('arrives with room in its battery', () => {
    const chance = random('arrivals');
    for (let count = 0; count < 200; count++) {
      const { socPercent, targetPercent } = arrivingVehicle(chance);
      expect(targetPercent).toBeGreaterThanOrEqual(socPercent + 5);
      expect(targetPercent).toBeLessThanOrEqual(100);
    }
  });
});
