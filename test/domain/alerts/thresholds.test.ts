import { expect, it } from 'vitest';
import { defaultThresholds, thresholdFaults, thresholdsFor } from '../../../domain/alerts/thresholds.ts';

it("lets a site's figures override the network's, and those the built-in ones", () => {
  const overrides = { '*': { lowPowerW: 2_000, stallMs: 1 }, 'site-1': { lowPowerW: 3_000 } };
  expect(thresholdsFor('site-1', overrides)).toEqual({ ...defaultThresholds, lowPowerW: 3_000, stallMs: 1 });
  expect(thresholdsFor('site-2', overrides)).toEqual({ ...defaultThresholds, lowPowerW: 2_000, stallMs: 1 });
  expect(thresholdsFor(undefined, {})).toEqual(defaultThresholds);
});

it('judges by the nearest figure a rule can, where one was set before that was known', () => {
  const overrides = { '*': { shortConnections: 60 }, 'site-1': { flapStarts: 1, signalDbm: -90 } };
  expect(thresholdsFor('site-1', overrides)).toEqual({
    ...defaultThresholds,
    shortConnections: 32,
    flapStarts: 2,
    signalDbm: -90,
  });
});

it('has built-in figures that pass for overrides', () => {
  expect(thresholdFaults(defaultThresholds)).toEqual([]);
});

it.each([
  ['flapStarts', 1, '2 to 4000000000000'],
  ['lowPowerWindowMs', 0, '60000 to 4000000000000'],
  ['overloadHysteresisPercent', 101, '0 to 100'],
  ['shortConnections', 33, '0 to 32'],
  ['commandHoldMs', 1e300, '0 to 4000000000000'],
])('refuses %s of %d, which no rule could judge by', (name, value, range) => {
  expect(thresholdFaults({ [name]: value })).toEqual([`${name} must be ${range}`]);
});

it('says what is wrong with overrides', () => {
  expect(thresholdFaults({ lowPowerW: 500, signalDbm: -90 })).toEqual([]);
  expect(thresholdFaults({ lowPower: 5, stallMs: '10', siteLimitW: -1, highSocPercent: Number.NaN })).toEqual([
    'lowPower is not a threshold',
    'stallMs must be a finite number',
    'siteLimitW must be 0 to 4000000000000',
    'highSocPercent must be a finite number',
  ]);
});
