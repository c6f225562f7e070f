import { expect, it } from 'vitest';
import { electricsOf } from '../../../domain/registry/electrics.ts';
import type { Feeder } from '../../../domain/site/site-configuration.ts';
import { fallbackShareW, type SitePlan } from '../../../domain/site/site-plan.ts';
import { registration } from '../../fakes/registration.ts';
import { configuration } from './given-site.ts';

const outlet = { connectorType: 'Type2', ratedW: 22_080 };
/** Stations S1, S2, ... with one outlet of 22 kW each, on the feeders named; 60 kW are safe without a meter. */
const planOn = (wiring: readonly (string | undefined)[], feeders: readonly Feeder[]): SitePlan => ({
  configuration: configuration({ limitW: 100_000, fallbackPercent: 60, feeders }),
  stations: wiring.map((feeder, index) => {
    const electrics = electricsOf(outlet, feeder === undefined ? {} : { feeder });
    const connectors = [{ evseId: 1, connectorId: 1, ...outlet, electrics }];
    return registration({ stationId: `S${index + 1}`, siteId: 'depot', connectors });
  }),
});
const sharesOn = (wiring: readonly (string | undefined)[], feeders: readonly Feeder[]): readonly number[] => {
  const plan = planOn(wiring, feeders);
  return plan.stations.map(({ stationId }) => fallbackShareW(plan, { stationId, evseId: 1, connectorId: 1 }));
};

it('shares what is safe without a meter by rating, and behind a feeder no more than it carries', () => {
  const wiring = ['F', 'F', 'F', 'F', undefined];
  expect(sharesOn(wiring, [])).toEqual([12_000, 12_000, 12_000, 12_000, 12_000]);
  expect(sharesOn(wiring, [{ feederId: 'F', limitW: 22_000 }])).toEqual([5_500, 5_500, 5_500, 5_500, 12_000]);
  expect(sharesOn(wiring, [{ feederId: 'F', limitW: 60_000 }])).toEqual([12_000, 12_000, 12_000, 12_000, 12_000]);
});

it('counts what hangs on a feeder by way of another one', () => {
  const feeders = [
    { feederId: 'F', limitW: 20_000 },
    { feederId: 'F1', limitW: 4_000, parent: 'F' },
    { feederId: 'F2', limitW: 90_000, parent: 'F' },
  ];
  expect(sharesOn(['F', 'F1', 'F2', 'F2', undefined], feeders)).toEqual([5_000, 4_000, 5_000, 5_000, 12_000]);
});
