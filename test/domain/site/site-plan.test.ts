import { expect, it } from 'vitest';
import { electricsOf } from '../../../domain/registry/electrics.ts';
import { configurationWarnings } from '../../../domain/site/configuration-warnings.ts';
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

it('gives the connectors of a station no more than its contract, and those on a phase no more than it carries', () => {
  const plan = planOn(['F', undefined, undefined], []);
  const [first, ...others] = plan.stations;
  const contracted: SitePlan = {
    ...plan,
    stations: [
      {
        ...registration({ stationId: 'S1', siteId: 'depot' }),
        connectors: first?.connectors ?? [],
        contractMaxW: 11_000,
      },
      ...others,
    ],
  };
  const onePhase = (number: number, rotation: 'RST' | 'STR', ratedW = 7_360): SitePlan['stations'][number] => {
    const electrics = electricsOf({ ...outlet, ratedW }, { phaseRotation: rotation });
    const connectors = [{ evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW, electrics }];
    return registration({ stationId: `S${number}`, siteId: 'depot', connectors });
  };
  const phases = { voltageV: 230, limitA: 100 };
  const phased: SitePlan = {
    configuration: configuration({ limitW: 69_000, fallbackPercent: 90, phases }),
    stations: [
      ...[1, 2, 3, 4].map((number) => onePhase(number, 'RST')),
      onePhase(5, 'RST', 22_080),
      onePhase(6, 'STR'),
    ],
  };
  const sharesOf = (of: SitePlan): readonly number[] =>
    of.stations.map(({ stationId }) => fallbackShareW(of, { stationId, evseId: 1, connectorId: 1 }));
  // 4 x 32 A and 32 A on L1, of which it carries 100: 20 A each.
  expect([sharesOf(contracted), sharesOf(phased)]).toEqual([
    [11_000, 20_000, 20_000],
    [4_600, 4_600, 4_600, 4_600, 13_800, 7_360],
  ]);
  const starving = {
    ...phased,
    configuration: configuration({ ...phased.configuration, phases: { voltageV: 230, limitA: 25 } }),
  };
  expect(configurationWarnings(starving)).toContain(
    'While the meter is lost 5 of 6 connectors get less than they need to charge (the least 1.15 kW): raise the fall-back share or the limit of the phases, or accept that they pause',
  );
});
