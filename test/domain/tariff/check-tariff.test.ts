import { describe, expect, it } from 'vitest';
import { checkTariff } from '../../../domain/tariff/check-tariff.ts';

const component = { kind: 'energy', price: '0.45', vatPercent: 19, stepSize: 1 };
const tariff = {
  tariffId: 'all',
  name: 'Everything a tariff can say',
  currency: 'EUR',
  elements: [
    {
      components: [component],
      restrictions: {
        ...{ startTime: '22:00', endTime: '06:00', startDate: '2026-01-01', endDate: '2027-01-01' },
        ...{ season: { from: '11-01', to: '02-29' }, daysOfWeek: ['MONDAY'], minPowerW: 1, maxPowerW: 2 },
        ...{ minCurrentA: 1, maxCurrentA: 2, minEnergyWh: 1, maxEnergyWh: 2, minDurationSec: 1, maxDurationSec: 2 },
      },
    },
  ],
  pricesIncludeVat: true,
  minPrice: { withoutVat: '1' },
  maxPrice: { withoutVat: '10', withVat: '12' },
  validFrom: 0,
  validUntil: 1,
};
const withElement = (element: object) => ({ ...tariff, elements: [element] });
const withRestriction = (restrictions: object) => withElement({ components: [component], restrictions });

describe('the check of a tariff', () => {
  it('takes everything a tariff can say, and nothing is lost on the way', () => {
    expect(checkTariff(tariff)).toEqual(tariff);
  });

  it('takes a list without a day for no restriction', () => {
    expect(checkTariff(withRestriction({ daysOfWeek: [] }))).toEqual(withRestriction({}));
  });

  it.each<[string, unknown]>([
    ['A tariff must be an object', []],
    ['tariffId is missing', { ...tariff, tariffId: undefined }],
    ['currency is none of ISO 4217: XYZ', { ...tariff, currency: 'XYZ' }],
    ['vat is not known', { ...tariff, vat: 19 }],
    ['pricesIncludeVat must be true, or left out', { ...tariff, pricesIncludeVat: 'yes' }],
    ['elements[0].components[0].kind must be one of', withElement({ components: [{ ...component, kind: 'power' }] })],
    ['elements[0].components[0].price must be a text', withElement({ components: [{ ...component, price: 0.45 }] })],
    ['elements[0].components[0].price is no price', withElement({ components: [{ ...component, price: '-1' }] })],
    ['elements[0].restrictions.minimumEnergy is not known', withRestriction({ minimumEnergy: 1 })],
    ['elements[0].restrictions.startTime is unusable: 8 am', withRestriction({ startTime: '8 am' })],
    ['elements[0].restrictions.endTime is unusable: 24:30', withRestriction({ endTime: '24:30' })],
    [
      'elements[0].restrictions.startDate must be before',
      withRestriction({ startDate: '2026-02-01', endDate: '2026-02-01' }),
    ],
    ['elements[0].restrictions.daysOfWeek knows no day SOMEDAY', withRestriction({ daysOfWeek: ['SOMEDAY'] })],
    ['elements[0].restrictions.season.to is missing', withRestriction({ season: { from: '11-01' } })],
    ['elements[0].restrictions.minEnergyWh must be below', withRestriction({ minEnergyWh: 5, maxEnergyWh: 5 })],
    [
      'elements[0].components names flat, due at the start',
      withElement({ components: [{ kind: 'flat', price: '10' }], restrictions: { minDurationSec: 14_400 } }),
    ],
    [
      'elements[0].components names flat, due at the start',
      withElement({ components: [component, { kind: 'flat', price: '10' }], restrictions: { minEnergyWh: 50_000 } }),
    ],
    ['validFrom must be before validUntil', { ...tariff, validFrom: 1, validUntil: 1 }],
  ])('refuses by name: %s', (problem, content) => {
    expect(() => checkTariff(content)).toThrow(problem);
  });
});
