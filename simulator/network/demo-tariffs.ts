import type { PriceComponent, Tariff } from '../../domain/tariff/tariff.ts';
import { isAlternating } from './models.ts';

type Kind = 'alternating' | 'direct';

const component = (
  kind: PriceComponent['kind'],
  price: string,
  vatPercent: number,
  stepSize?: number,
): PriceComponent => ({ kind, price, vatPercent, ...(stepSize === undefined ? {} : { stepSize }) });

/** Invented prices in the usual order of magnitude: energy everywhere, and time where a car would otherwise stay. */
const catalogue = {
  GBP: {
    alternating: {
      tariffId: 'gb-slow',
      name: 'Slow charging, cheaper at night',
      currency: 'GBP',
      elements: [
        {
          components: [component('energy', '0.35', 20, 1)],
          restrictions: { startTime: '00:00', endTime: '07:00' },
        },
        { components: [component('energy', '0.52', 20, 1)] },
      ],
    },
    direct: {
      tariffId: 'gb-rapid',
      name: 'Rapid charging, ten pounds an hour for a car that stays after charging',
      currency: 'GBP',
      elements: [{ components: [component('energy', '0.74', 20, 1), component('parking', '10', 20, 60)] }],
      minPrice: { withoutVat: '1' },
    },
  },
  EUR: {
    alternating: {
      tariffId: 'eu-slow',
      name: 'Slow charging, by energy and from the fifth hour by time',
      currency: 'EUR',
      elements: [
        { components: [component('energy', '0.42', 19, 1)] },
        {
          components: [component('time', '1.80', 19, 60), component('parking', '1.80', 19, 60)],
          restrictions: { minDurationSec: 4 * 3600 },
        },
      ],
    },
    direct: {
      tariffId: 'eu-rapid',
      name: 'Rapid charging with a start fee',
      currency: 'EUR',
      elements: [{ components: [component('flat', '0.35', 19), component('energy', '0.59', 19, 1)] }],
    },
  },
  USD: {
    alternating: {
      tariffId: 'us-slow',
      name: 'Level 2, by the hour',
      currency: 'USD',
      elements: [{ components: [component('time', '2.00', 7.25, 900), component('parking', '4.00', 7.25, 900)] }],
    },
    direct: {
      tariffId: 'us-rapid',
      name: 'Rapid charging, dearer in the evening',
      currency: 'USD',
      elements: [
        {
          components: [component('energy', '0.64', 7.25, 1)],
          restrictions: { startTime: '16:00', endTime: '21:00' },
        },
        { components: [component('energy', '0.46', 7.25, 1)] },
      ],
      maxPrice: { withoutVat: '60' },
    },
  },
} as const satisfies Record<string, Record<Kind, Tariff>>;

const currencies: Readonly<Record<string, keyof typeof catalogue>> = {
  scotland: 'GBP',
  england: 'GBP',
  netherlands: 'EUR',
  germany: 'EUR',
  california: 'USD',
  texas: 'USD',
};

/** Every tariff of the demo network. */
export const demoTariffs: readonly Tariff[] = Object.values(catalogue).flatMap(({ alternating, direct }) => [
  alternating,
  direct,
]);

/** The tariff of this type of connector in this region. */
export const tariffIdOf = (region: string, connectorType: string): string => {
  const currency = currencies[region];
  if (currency === undefined) throw new Error(`The demo network has no currency for region ${region}`);
  return catalogue[currency][isAlternating(connectorType) ? 'alternating' : 'direct'].tariffId;
};
