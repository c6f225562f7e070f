import { describe, expect, it } from 'vitest';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { electricsOf } from '../../../domain/registry/electrics.ts';
import { sessionCost } from '../../../domain/tariff/session-cost.ts';
import { sessionRecord } from '../../../domain/tariff/session-record.ts';
import type { Tariff } from '../../../domain/tariff/tariff.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { on } from '../../support/station-days.ts';

const allKinds: Tariff = {
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
const firstHalfHourFree: Tariff = {
  tariffId: 'first-half-hour-free',
  currency: 'EUR',
  elements: [
    { components: [{ kind: 'energy', price: '0' }], restrictions: { maxDurationSec: 1800 } },
    { components: [{ kind: 'energy', price: '0.50' }] },
  ],
};

/** The record of a session from `from` to `to`, minutes after noon, metered every so many seconds on a direct-current connector. */
const metered = (from: number, to: number, everySec: number, powerW: (minutesIn: number) => number) => {
  let wh = 1000;
  const readings = Array.from({ length: ((to - from) * 60) / everySec - 1 }, (_, index) => {
    wh += (powerW((index * everySec) / 60) * everySec) / 3600;
    return sample(from + ((index + 1) * everySec) / 60, { energyWh: Math.round(wh) });
  });
  wh += (powerW(to - from) * everySec) / 3600;
  const { ended } = given.at([{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }])(
    started(from),
    ...readings,
    stopped(to, { meterStopWh: Math.round(wh) }),
  );
  const [record] = ended;
  if (record === undefined) throw new Error('The session has not ended');
  return record;
};

describe.each([1, 10, 60])('the cost of a session metered every %i s', (everySec) => {
  it('is 12.20 for 40 kW from 12:02 to 12:32 and parking until 12:59, with or without a trickle', () => {
    for (const trickleW of [0, 5]) {
      const record = metered(2, 59, everySec, (minutes) => (minutes < 30 ? 40_000 : trickleW));
      expect(Math.abs(sessionCost(record, allKinds, 'UTC').totalMinor - 1220)).toBeLessThanOrEqual(
        trickleW > 0 ? 1 : 0,
      );
    }
  });

  it('is 1.00 for 11 kWh in a free half-hour from 12:07 and 2 kWh after it', () => {
    const record = metered(7, 67, everySec, (minutes) => (minutes < 30 ? 22_000 : 4000));
    expect(sessionCost(record, firstHalfHourFree, 'UTC').totalMinor).toBe(100);
  });
});

it('restricts by current at the voltage that is registered, which the place of a connector keeps', () => {
  const fromThirtyAmperes: Tariff = {
    tariffId: 'current',
    currency: 'USD',
    elements: [
      { components: [{ kind: 'energy', price: '1' }], restrictions: { minCurrentA: 30 } },
      { components: [{ kind: 'energy', price: '2' }] },
    ],
  };
  const rated = { connectorType: 'Type1', ratedW: 7_200 };
  const priced = (voltageV?: number) => {
    const electrics = electricsOf(rated, omitUndefined({ voltageV }));
    const { ended, connector } = given.at([{ evseId: 1, connectorId: 1, ...rated, electrics }])(
      started(0),
      sample(60, { energyWh: 8_000 }),
      stopped(60, { meterStopWh: 8_000 }),
    );
    const [session, place] = [ended[0], connector(1)?.place];
    if (session === undefined || place === undefined) throw new Error('The session has not ended');
    const book = { tariffs: [fromThirtyAmperes], assignments: [{ tariffId: 'current' }] };
    const { cost, energyWh } = sessionRecord(session, place, book);
    return [energyWh, cost?.totalMinor];
  };
  // 7 kW are 30.4 A at 230 V and 29.2 A between two lines of 240 V.
  expect([priced(), priced(240)]).toEqual([
    [7_000, 700],
    [7_000, 1_400],
  ]);
});

it('has no price while only the stop of a session is known, and one once its start is', () => {
  const flat: Tariff = {
    tariffId: 'flat',
    currency: 'EUR',
    elements: [{ components: [{ kind: 'flat', price: '0.35' }] }],
    minPrice: { withoutVat: '3' },
  };
  const book = { tariffs: [flat], assignments: [{ tariffId: 'flat' }] };
  const { ended, connector } = given(stopped(60, { meterStopWh: 8_000, ...on(1) }), started(0));
  const place = connector(1)?.place;
  if (place === undefined) throw new Error('No connector');
  const records = ended.map((session) => sessionRecord(session, place, book));
  expect(records.map(({ flags, energyWh, cost }) => [flags.includes('orphan'), energyWh, cost?.totalMinor])).toEqual([
    [true, 0, undefined],
    [false, 7_000, 300],
  ]);
});
