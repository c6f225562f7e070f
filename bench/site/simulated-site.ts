import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { electricsOf } from '../../domain/registry/electrics.ts';
import { defaultConfiguration, type SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { Drivers } from '../../simulator/charge-point/cars/drivers.ts';
import type { Offer } from '../../simulator/charge-point/cars/vehicle.ts';
import type { SimulatedConnector } from '../../simulator/charge-point/simulated-connector.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';
import { isAlternating, models } from '../../simulator/network/models.ts';
import { random } from '../../simulator/random.ts';
import { type Building, siteLoadW } from '../../simulator/site-load-w.ts';
import { type Appetite, fullOffer, type PlannedVisit, visitsTo } from './planned-visit.ts';

export type SimulatedSite = {
  readonly configuration: SiteConfiguration;
  readonly building: Building;
  readonly stations: readonly DemoStation[];
  /** By "stationId/evseId", in the order of their arrival. */
  readonly visits: ReadonlyMap<string, readonly PlannedVisit[]>;
};

/** Twelve stations with twenty outlets: a car park with four for those who pass through. */
const installed = [
  ...['Duo 22', 'Duo 22', 'Duo 22', 'Duo 11', 'Duo 11', 'Duo 11'],
  ...['Mono 7', 'Mono 7', 'Mono 7', 'Mono 7'],
  ...['HPC 150', 'HPC 150'],
];

const stationOf = (siteId: string, siteNumber: number, index: number): DemoStation => {
  const name = installed[index % installed.length] ?? 'Duo 22';
  const model = models[name];
  if (model === undefined) throw new Error(`${name} is in no catalogue`);
  const ocpp = (siteNumber + index) % 5 < 3 ? '1.6' : '2.0.1';
  return {
    stationId: `${siteId}-${String(index + 1).padStart(2, '0')}`,
    password: 'not-asked-for',
    siteId,
    zoneId: siteId,
    region: 'bench',
    timeZone: 'UTC',
    latitude: 0,
    longitude: 0,
    vendor: model.vendor,
    model: model.model,
    firmware: model.firmware[0],
    contractMaxW: model.connectors.reduce((sum, { ratedW }) => sum + ratedW, 0),
    connectors: model.connectors.map((connector, position) => ({
      evseId: position + 1,
      connectorId: ocpp === '1.6' ? position + 1 : 1,
      ...connector,
      electrics: electricsOf(connector, {
        phaseRotation: (['RST', 'STR', 'TRS'] as const)[index % 3] ?? 'RST',
        ...(!isAlternating(connector.connectorType) && { minimumW: 2_000 }),
      }),
    })),
    admission: 'accepted',
    ocpp,
  };
};

/** All the outlet at "stationId/evseId" gives when nothing limits it. */
export const outletOffer = ({ stations }: SimulatedSite, path: string): Offer => {
  for (const { stationId, connectors } of stations)
    for (const outlet of connectors) if (`${stationId}/${outlet.evseId}` === path) return fullOffer(outlet);
  throw new Error(`There is no outlet ${path}`);
};

/** Every so many sites one whose connection is too small for the minimums of all its cars: some of them have to wait. */
const TIGHT_EVERY = 7;

const siteOf = (
  number: number,
  { seed, startAt, durationMs, dayFrom, appetite = 'full' }: DayOptions,
): SimulatedSite => {
  const siteId = `site-${String(number + 1).padStart(2, '0')}`;
  const chance = random(`${seed} ${siteId}`);
  const peakW = chance.integer(40, 80) * 1_000;
  const roomW = (number % TIGHT_EVERY === 3 ? chance.integer(35, 45) : chance.integer(45, 75)) * 1_000;
  const stations = installed.map((_, index) => stationOf(siteId, number, index));
  const building = { seed: `${seed} ${siteId}`, baseW: peakW * 0.35, peakW, solarW: chance.integer(0, 40) * 1_000 };
  const visits = new Map(
    stations.flatMap(({ stationId, connectors }) =>
      connectors.map((outlet) => {
        const own = chance.fork(`${stationId}/${outlet.evseId}`);
        const all = visitsTo(outlet, appetite, dayFrom, 24 * HOUR_MS, own);
        // A part of a day begins with the cars that are there by then.
        const within = all.flatMap((visit): readonly PlannedVisit[] => {
          const [from, to] = [Math.max(visit.at, startAt + own.between(5, 300) * 1_000), visit.at + visit.stayMs];
          return visit.at >= startAt + durationMs || to - from < 5 * MINUTE_MS
            ? []
            : [{ ...visit, at: from, stayMs: to - from }];
        });
        return [`${stationId}/${outlet.evseId}`, within] as const;
      }),
    ),
  );
  const configuration: SiteConfiguration = {
    ...defaultConfiguration,
    siteId,
    revision: 1,
    controlled: true,
    limitW: peakW + roomW,
    fallbackPercent: 20,
  };
  return { configuration, building, stations, visits };
};

export type DayOptions = {
  readonly seed: number | string;
  /** The midnight of the day, and the part of it that is simulated; ms. */
  readonly dayFrom: number;
  readonly startAt: number;
  readonly durationMs: number;
  readonly appetite?: Appetite;
};

/** Sites with their buildings, chargers and everybody who comes: the same for the same seed. */
export const simulatedSites = (count: number, options: DayOptions): readonly SimulatedSite[] =>
  Array.from({ length: count }, (_, number) => siteOf(number, options));

/** What is left to the chargers of a site at an instant, W. */
export const capacityW = ({ configuration, building }: SimulatedSite, at: number): number =>
  Math.max(0, configuration.limitW - siteLoadW(building, at));

/** Those who come to a station, as the simulator asks for them. */
export const driversOf = ({ visits }: SimulatedSite, { stationId }: DemoStation): Drivers => {
  const left = new Map<SimulatedConnector, PlannedVisit[]>();
  const next = (connector: SimulatedConnector): PlannedVisit[] => {
    const known = left.get(connector) ?? [...(visits.get(`${stationId}/${connector.evseId}`) ?? [])];
    left.set(connector, known);
    return known;
  };
  return {
    gapMs: (connector, now) => {
      const [visit] = next(connector);
      return visit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, visit.at - now);
    },
    visit: (connector, now) => {
      const visit = next(connector).shift();
      if (visit === undefined) throw new Error(`Nobody is left to come to ${stationId}/${connector.evseId}`);
      return { ...visit, stayMs: Math.max(MINUTE_MS, visit.at + visit.stayMs - now) };
    },
  };
};
