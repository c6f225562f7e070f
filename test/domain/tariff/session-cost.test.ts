import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Curve } from '../../../domain/kernel/ended-session.ts';
import { importTimeOfUse } from '../../../domain/tariff/import-time-of-use.ts';
import { pricedPieces } from '../../../domain/tariff/priced-pieces.ts';
import { amountOf, billedPieces, sessionCost } from '../../../domain/tariff/session-cost.ts';
import type { Tariff } from '../../../domain/tariff/tariff.ts';

const published = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../data/prices/${file}`, import.meta.url), 'utf8'));
const sce8 = importTimeOfUse(published('tariff_sce_tou_ev_8_june_2019.json'), 'sce-tou-ev-8', 'USD').tariff;
const session = (start: string, end: string, curve: Curve) => ({
  startedAt: Date.parse(start),
  endedAt: Date.parse(end),
  curve,
});
const energy = (price: string): Tariff => ({
  tariffId: 'flat-rate',
  currency: 'EUR',
  elements: [{ components: [{ kind: 'energy', price }] }],
});

describe('the cost of a session', () => {
  it('splits energy where the published tariff changes its price, in the time of the site', () => {
    // Tuesday 15:30 to 16:30 in Los Angeles: 5 kWh at 0.12597 and, from 16:00, 5 kWh at 0.49619 = 3.1108 USD.
    const metered = session('2019-07-02T22:30:00Z', '2019-07-02T23:30:00Z', [
      [0, 0],
      [1800, 5000],
      [3600, 10_000],
    ]);
    expect(sessionCost(metered, sce8, 'America/Los_Angeles')).toEqual({
      tariffId: 'sce-tou-ev-8',
      currency: 'USD',
      totalMinor: 311,
      totalWithVatMinor: 311,
      lines: [
        { kind: 'energy', price: '0.125970', quantity: 5, amount: '0.629850' },
        { kind: 'energy', price: '0.496190', quantity: 5, amount: '2.480950' },
      ],
      hours: [
        { startAt: Date.parse('2019-07-02T22:00:00Z'), minor: 63 },
        { startAt: Date.parse('2019-07-02T23:00:00Z'), minor: 248 },
      ],
    });
  });

  it('knows weekends and seasons', () => {
    const at = (start: string, hours: number) =>
      sessionCost(
        session(start, new Date(Date.parse(start) + hours * 3_600_000).toISOString(), [
          [0, 0],
          [hours * 3600, 10_000],
        ]),
        sce8,
        'America/Los_Angeles',
      ).totalMinor;
    // Saturday 17:00 to 18:00, summer: 10 kWh at 0.25563. Winter, 17:00: 10 at 0.297. Winter 07:30-08:30: 5 at 0.13568 + 5 at 0.07724.
    expect([at('2019-07-07T00:00:00Z', 1), at('2019-12-03T01:00:00Z', 1), at('2019-12-03T15:30:00Z', 1)]).toEqual([
      256, 297, 106,
    ]);
  });

  it('bills time while charging, parking without energy, a flat fee once and VAT on top', () => {
    const tariff: Tariff = {
      tariffId: 'all-kinds',
      currency: 'EUR',
      elements: [
        {
          components: [
            { kind: 'flat', price: '0.50', vatPercent: 20 },
            { kind: 'energy', price: '0.40', vatPercent: 20 },
            { kind: 'time', price: '1.20', vatPercent: 20 },
            { kind: 'parking', price: '6', vatPercent: 10 },
          ],
        },
      ],
    };
    // 30 minutes charging 8 kWh, then 20 minutes plugged in without energy.
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T10:50:00Z', [
      [0, 0],
      [1800, 8000],
      [3000, 8000],
    ]);
    const cost = sessionCost(metered, tariff, 'Europe/Berlin');
    expect(cost).toEqual({
      tariffId: 'all-kinds',
      currency: 'EUR',
      totalMinor: 630,
      totalWithVatMinor: 736,
      lines: [
        { kind: 'flat', price: '0.50', quantity: 1, amount: '0.500000' },
        { kind: 'energy', price: '0.40', quantity: 8, amount: '3.200000' },
        { kind: 'time', price: '1.20', quantity: 0.5, amount: '0.600000' },
        { kind: 'parking', price: '6', quantity: 1 / 3, amount: '2.000000' },
      ],
      hours: [{ startAt: Date.parse('2026-03-02T10:00:00Z'), minor: 630 }],
    });
  });

  it('bills charging and parking apart where both fall into one quarter of the clock', () => {
    const tariff: Tariff = {
      tariffId: 'all-kinds',
      currency: 'EUR',
      elements: [
        {
          components: [
            { kind: 'energy', price: '0.40' },
            { kind: 'time', price: '3' },
            { kind: 'parking', price: '6' },
          ],
        },
      ],
    };
    // 40 kW from 10:02 to 10:32, then parked until 10:59: 8.00 for 20 kWh, 1.50 for half an hour, 2.70 for 27 minutes.
    const metered = session('2026-03-02T10:02:00Z', '2026-03-02T10:59:00Z', [
      [0, 0],
      [1800, 20_000],
      [3420, 20_000],
    ]);
    expect(sessionCost(metered, tariff, 'UTC').totalMinor).toBe(1220);
  });

  it('ends free minutes where they end, also between two readings', () => {
    const tariff: Tariff = {
      tariffId: 'first-half-hour-free',
      currency: 'EUR',
      elements: [
        { components: [{ kind: 'energy', price: '0' }], restrictions: { maxDurationSec: 1800 } },
        { components: [{ kind: 'energy', price: '0.50' }] },
      ],
    };
    // From 10:07, 22 kW for 30 minutes, then 4 kW for 30 minutes: 2 kWh are not free.
    const metered = session('2026-03-02T10:07:00Z', '2026-03-02T11:07:00Z', [
      [0, 0],
      [1800, 11_000],
      [3600, 13_000],
    ]);
    expect(sessionCost(metered, tariff, 'UTC').totalMinor).toBe(100);
  });

  it('counts a trickle below 100 W as parking, and its energy as energy', () => {
    const tariff: Tariff = {
      tariffId: 'parking',
      currency: 'EUR',
      elements: [
        {
          components: [
            { kind: 'energy', price: '1' },
            { kind: 'time', price: '2' },
            { kind: 'parking', price: '10' },
          ],
        },
      ],
    };
    const hourAt = (powerW: number) =>
      sessionCost(
        session('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', [
          [0, 0],
          [3600, powerW],
        ]),
        tariff,
        'UTC',
      ).totalMinor;
    expect([hourAt(40), hourAt(100)]).toEqual([1004, 210]);
  });

  it('lifts and lowers to the limits of the tariff, in a line of their own, and the hours still add up', () => {
    const metered = session('2026-03-02T10:30:00Z', '2026-03-02T11:30:00Z', [
      [0, 0],
      [3600, 10_000],
    ]);
    const tariff = energy('0.50');
    const least = sessionCost(metered, { ...tariff, minPrice: { withoutVat: '8' } }, 'UTC');
    expect(least).toMatchObject({
      totalMinor: 800,
      lines: [
        { kind: 'energy', amount: '5.000000' },
        { kind: 'minimumPrice', price: '8', quantity: 1, amount: '3.000000' },
      ],
      hours: [{ minor: 400 }, { minor: 400 }],
    });
    const most = sessionCost(metered, { ...tariff, maxPrice: { withoutVat: '3', withVat: '3.30' } }, 'UTC');
    expect(most).toMatchObject({
      totalMinor: 300,
      totalWithVatMinor: 330,
      lines: [{ kind: 'energy' }, { kind: 'maximumPrice', price: '3', amount: '-2.000000' }],
      hours: [{ minor: 150 }, { minor: 150 }],
    });
  });

  it('keeps VAT in proportion where a limit names no amount with VAT, and takes rates of four decimals', () => {
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', [
      [0, 0],
      [3600, 100_000],
    ]);
    const taxed = (vatPercent: number, price = '1'): Tariff => ({
      tariffId: 'taxed',
      currency: 'EUR',
      elements: [{ components: [{ kind: 'energy', price, vatPercent }] }],
    });
    const limited = sessionCost(metered, { ...taxed(20), maxPrice: { withoutVat: '50' } }, 'UTC');
    expect([limited.totalMinor, limited.totalWithVatMinor]).toEqual([5000, 6000]);
    expect(sessionCost(metered, taxed(8.8752, '100'), 'UTC').totalWithVatMinor).toBe(1_088_752);
  });

  it('tells currents from power at the nominal voltage of the connector', () => {
    const tariff: Tariff = {
      tariffId: 'current',
      currency: 'EUR',
      elements: [
        { components: [{ kind: 'energy', price: '1' }], restrictions: { minCurrentA: 32 } },
        { components: [{ kind: 'energy', price: '2' }] },
      ],
    };
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', [
      [0, 0],
      [3600, 10_000],
    ]);
    // 10 kW are 43 A at 230 V and 25 A at 400 V.
    const at = (nominalVoltageV: number) => sessionCost({ ...metered, nominalVoltageV }, tariff, 'UTC').totalMinor;
    expect([at(230), at(400)]).toEqual([1000, 2000]);
  });

  it('restricts by energy so far and by duration, exactly at the crossing', () => {
    const tariff: Tariff = {
      tariffId: 'steps',
      currency: 'EUR',
      elements: [
        { components: [{ kind: 'energy', price: '0.30' }], restrictions: { maxEnergyWh: 10_000 } },
        { components: [{ kind: 'energy', price: '0.60' }], restrictions: { minEnergyWh: 10_000 } },
        { components: [{ kind: 'time', price: '12' }], restrictions: { minDurationSec: 3600 } },
      ],
    };
    // 15 kWh in 90 minutes: 10 at 0.30, 5 at 0.60, and half an hour beyond the first at 12.
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T11:30:00Z', [
      [0, 0],
      [5400, 15_000],
    ]);
    expect(sessionCost(metered, tariff, 'UTC').totalMinor).toBe(300 + 300 + 600);
  });

  it('restricts by power', () => {
    const tariff: Tariff = {
      tariffId: 'power',
      currency: 'EUR',
      elements: [
        { components: [{ kind: 'energy', price: '0.70' }], restrictions: { minPowerW: 50_000 } },
        { components: [{ kind: 'energy', price: '0.40' }] },
      ],
    };
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T10:30:00Z', [
      [0, 0],
      [600, 10_000],
      [1800, 14_000],
    ]);
    expect(sessionCost(metered, tariff, 'UTC').totalMinor).toBe(700 + 160);
  });

  it('rounds quantities up to steps once per session, at the last price', () => {
    const tariff: Tariff = {
      tariffId: 'steps',
      currency: 'EUR',
      elements: [
        {
          components: [
            { kind: 'energy', price: '0.50', stepSize: 1000 },
            { kind: 'time', price: '3.60', stepSize: 300 },
          ],
        },
      ],
    };
    // 2.3 kWh count as 3, 11 minutes as 15.
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T10:11:00Z', [
      [0, 0],
      [660, 2300],
    ]);
    expect(sessionCost(metered, tariff, 'UTC').totalMinor).toBe(150 + 90);
  });

  it('charges night prices through midnight and through the repeated hour of the autumn change', () => {
    const tariff: Tariff = {
      tariffId: 'night',
      currency: 'GBP',
      elements: [
        { components: [{ kind: 'time', price: '1' }], restrictions: { startTime: '23:00', endTime: '01:30' } },
        { components: [{ kind: 'time', price: '10' }] },
      ],
    };
    // London, 2018-10-27 22:30 BST to 02:00 GMT, 4.5 hours: 23:00-01:30 BST, and 01:00-01:30 again in GMT, are cheap: 3 hours.
    const metered = session('2018-10-27T21:30:00Z', '2018-10-28T02:00:00Z', [
      [0, 0],
      [16_200, 9000],
    ]);
    expect(sessionCost(metered, tariff, 'Europe/London').totalMinor).toBe(300 + 1500);
  });

  it('rounds halves up once, not per line, and to the currency’s own minor unit', () => {
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', [
      [0, 0],
      [3600, 1000],
    ]);
    expect(sessionCost(metered, energy('0.005'), 'UTC').totalMinor).toBe(1);
    expect(sessionCost(metered, energy('0.004999'), 'UTC').totalMinor).toBe(0);
    expect(sessionCost(metered, { ...energy('41.5'), currency: 'JPY' }, 'UTC').totalMinor).toBe(42);
    expect(
      ['HUF', 'IDR', 'PKR', 'IQD', 'KWD', 'VND'].map(
        (currency) => sessionCost(metered, { ...energy('41.5'), currency }, 'UTC').totalMinor,
      ),
    ).toEqual([4150, 4150, 4150, 41_500, 41_500, 42]);
    expect(() => sessionCost(metered, energy('0.1234567'), 'UTC')).toThrow(RangeError);
  });

  it('costs nothing for a session of no length and no energy', () => {
    const metered = session('2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z', [[0, 0]]);
    expect(sessionCost(metered, sce8, 'America/Los_Angeles')).toMatchObject({ totalMinor: 0, lines: [] });
  });

  it('adds up over any split, and its hours add up to the total', () => {
    const anyCurve = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 3600 }), fc.integer({ min: 0, max: 20_000_000 })), {
        minLength: 1,
        maxLength: 12,
      })
      .map((steps) => {
        const curve: [number, number][] = [[0, 0]];
        for (const [sec, mWh] of steps) {
          const [atSec, energyWh] = curve.at(-1) ?? [0, 0];
          curve.push([atSec + sec, Math.round(energyWh * 1000 + mWh) / 1000]);
        }
        return curve;
      });
    fc.assert(
      fc.property(
        anyCurve,
        fc.integer({ min: Date.parse('2019-01-01T00:00:00Z'), max: Date.parse('2019-12-31T00:00:00Z') }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (curve, startedAt, shares) => {
          const [lengthSec = 0, totalWh = 0] = curve.at(-1) ?? [];
          const metered = { startedAt, endedAt: startedAt + lengthSec * 1000, curve };
          const tariff: Tariff = {
            ...sce8,
            elements: [
              ...sce8.elements,
              {
                components: [
                  { kind: 'time', price: '1.5' },
                  { kind: 'parking', price: '4' },
                ],
              },
            ],
          };
          const cuts = shares.map((share) => Math.floor(startedAt + share * lengthSec * 1000));
          const exact = (pieces: readonly Parameters<typeof amountOf>[0][]) =>
            pieces.reduce((sum, piece) => sum + amountOf(piece), 0n);
          const whole = pricedPieces(metered, tariff, 'America/Los_Angeles');
          const cut = billedPieces(metered, tariff, 'America/Los_Angeles', cuts);
          expect(exact(cut)).toBe(exact(whole));
          const billedMWh = cut
            .filter(({ component }) => component.kind === 'energy')
            .reduce((sum, { quantity }) => sum + quantity, 0n);
          expect(billedMWh).toBe(BigInt(Math.round(totalWh * 1000)));
          const cost = sessionCost(metered, tariff, 'America/Los_Angeles');
          expect(cost.hours.reduce((sum, { minor }) => sum + minor, 0)).toBe(cost.totalMinor);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the cost of a session that claims to have lasted for years', () => {
  it('is told in the hours of its last weeks, which add up to it', () => {
    const metered = session('2014-01-01T00:00:00Z', '2024-01-01T00:00:00Z', [
      [0, 0],
      [315_532_800, 50_000],
    ]);
    const { totalMinor, hours } = sessionCost(metered, sce8, 'America/Los_Angeles');
    expect(hours.length).toBeLessThanOrEqual(35 * 24 + 2);
    expect(hours.reduce((sum, { minor }) => sum + minor, 0)).toBe(totalMinor);
    expect(totalMinor).toBeGreaterThan(0);
  });
});
