import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sharedPower, type Taker } from '../../../../simulator/charge-point/smart-charging/shared-power.ts';

const car = (demandW: number, floorW = 4140): Taker => ({ demandW, floorW });

it('gives everybody what they want where that is not too much', () => {
  expect(sharedPower([car(11_000), car(7000)], 18_000)).toEqual([11_000, 7000]);
});

it('shares a station maximum of 11 kW among three cars, the last of which waits', () => {
  expect(sharedPower([car(11_000), car(11_000), car(11_000)], 11_000)).toEqual([5500, 5500, 0]);
});

it('gives what a small car leaves to the others', () => {
  expect(sharedPower([car(2000, 1000), car(50_000, 0), car(50_000, 0)], 42_000)).toEqual([2000, 20_000, 20_000]);
});

it('gives nothing of nothing', () => {
  expect(sharedPower([car(11_000)], 0)).toEqual([0]);
});

it('never gives more than there is, nor more than is wanted, nor less than a car can charge with', () => {
  const takers = fc.array(fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 5000 })));
  fc.assert(
    fc.property(takers, fc.integer({ min: 0, max: 100_000 }), (pairs, budgetW) => {
      const cars = pairs.map(([demandW, floorW]) => car(demandW, Math.min(demandW, floorW)));
      const shares = sharedPower(cars, budgetW);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(budgetW + 1e-6);
      for (const [index, share] of shares.entries()) {
        expect(share).toBeLessThanOrEqual(cars[index]?.demandW ?? 0);
        expect(share === 0 || share >= (cars[index]?.floorW ?? 0)).toBe(true);
      }
    }),
  );
});
