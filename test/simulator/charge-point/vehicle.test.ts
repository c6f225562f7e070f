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
  takesShare: 1,
  wavers: 0.03,
};
const limitedTo = (powerW: number, phases = 3) => ({ limit: { powerW, phases } });
const direct = { ratedW: 350_000, alternating: false, ...limitedTo(Infinity) };

describe('a car at the connector', () => {
  it('takes what its battery takes, at most what the connector is rated for, and no more than the limit', () => {
    expect(takenW(car, direct)).toBe(175_000);
    expect(takenW(car, { ...direct, ratedW: 50_000 })).toBe(50_000);
    expect(takenW(car, { ...direct, ...limitedTo(11_000) })).toBe(11_000);
    expect(takenW(car, { ...direct, ...limitedTo(0) })).toBe(0);
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
    const outlet = { alternating: true, ...limitedTo(Infinity) };
    expect(takenW(car, { ...outlet, ratedW: 22_000 })).toBe(11_100);
    expect(takenW(car, { ...outlet, ratedW: 7_400 })).toBe(3_700);
    expect(takenW({ ...car, phases: 1, perPhaseW: 7_400 }, { ...outlet, ratedW: 22_000 })).toBeCloseTo(7_333, 0);
  });

  it('pauses below six amperes on a phase, and charges with six', () => {
    const outlet = { alternating: true, ratedW: 22_000 };
    const single = { ...car, phases: 1 as const, perPhaseW: 7_400 };
    expect(takenW(car, { ...outlet, ...limitedTo(6 * 230 * 3) })).toBeCloseTo(4_140, 6);
    expect(takenW(car, { ...outlet, ...limitedTo(6 * 230 * 3 - 70) })).toBe(0);
    expect(takenW(single, { ...outlet, ...limitedTo(6 * 230, 1) })).toBeCloseTo(1_380, 6);
    expect(takenW(single, { ...outlet, ...limitedTo(6 * 230 - 23, 1) })).toBe(0);
  });

  it('gets its phase of a limit in watts, which is spread over the phases it is for', () => {
    const single = { ...car, phases: 1 as const, perPhaseW: 7_400 };
    const outlet = { alternating: true, ratedW: 22_000 };
    expect(takenW(single, { ...outlet, ...limitedTo(7_360) })).toBeCloseTo(7_360 / 3, 6);
    expect(takenW(single, { ...outlet, ...limitedTo(6_900, 1) })).toBeCloseTo(6_900, 6);
  });

  it('may use less than it is offered', () => {
    const modest = { ...car, takesShare: 0.85 };
    expect(takenW(modest, { alternating: true, ratedW: 22_000, ...limitedTo(10 * 230 * 3) })).toBeCloseTo(5_865, 6);
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
