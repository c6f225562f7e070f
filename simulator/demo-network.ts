import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import { type Electrics, electricsOf, type PhaseRotation } from '../domain/registry/electrics.ts';
import { PHASE_VOLTAGE_V } from '../domain/registry/nominal-voltage.ts';
import type { Tariff, TariffAssignment } from '../domain/tariff/tariff.ts';
import { demoTariffs, tariffIdOf } from './network/demo-tariffs.ts';
import { isAlternating, type Model, type ModelConnector, models } from './network/models.ts';
import { places, type SiteKind, siteKinds } from './network/places.ts';
import { type Random, random } from './random.ts';

/** A station of the network as an operator registers it: the registry entry with a password in the clear. */
export type DemoStation = {
  readonly stationId: string;
  readonly password: string;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string;
  readonly contractMaxW: number;
  readonly connectors: readonly {
    readonly evseId: number;
    readonly connectorId: number;
    readonly connectorType: string;
    readonly ratedW: number;
    readonly electrics?: Electrics;
  }[];
  /** Between phase and neutral of its supply, V; in split-phase supply between the two lines. */
  readonly supplyVoltageV?: number;
  readonly admission: 'accepted';
  /** What the simulated station speaks; the registry itself does not ask for it. */
  readonly ocpp: '1.6' | '2.0.1';
};
export type DemoTag = { readonly tag: string; readonly status: 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' };
export type DemoSite = {
  readonly siteId: string;
  readonly name: string;
  readonly kind: SiteKind['kind'];
  readonly timeZone: string;
};
export type DemoNetwork = {
  readonly sites: readonly DemoSite[];
  readonly stations: readonly DemoStation[];
  readonly tags: readonly DemoTag[];
  readonly tariffs: readonly Tariff[];
  /** Which tariff holds at which site for which connectors. The depots of bus operators are not priced. */
  readonly assignments: readonly TariffAssignment[];
};

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

const password = (chance: Random): string =>
  Array.from({ length: 20 }, () => chance.integer(0, 35).toString(36)).join('');

/** Every so many tags one is refused, as in every network. */
const statusOf = (number: number): DemoTag['status'] => {
  if (number % 40 === 0) return 'Blocked';
  if (number % 50 === 0) return 'Expired';
  return number % 60 === 1 && number > 1 ? 'Invalid' : 'Accepted';
};

/** Tags of the drivers: a few are blocked, expired or invalid. */
const demoTags = (count: number): DemoTag[] =>
  Array.from({ length: count }, (_, index) => ({
    tag: `WS${digits(index + 1, 6)}`,
    status: statusOf(index + 1),
  }));

type Site = DemoSite & { readonly region: string; readonly latitude: number; readonly longitude: number };

const demoSite = (index: number, kind: SiteKind, chance: Random): Site => {
  const place = chance.pick(places);
  const siteId = `${place.town.toLowerCase()}-${kind.kind}-${digits(index + 1, 2)}`;
  return {
    siteId,
    name: `${place.town} ${kind.label} ${index + 1}`,
    kind: kind.kind,
    region: place.region,
    timeZone: place.timeZone,
    latitude: Number((place.latitude + chance.between(-0.05, 0.05)).toFixed(5)),
    longitude: Number((place.longitude + chance.between(-0.05, 0.05)).toFixed(5)),
  };
};

/** A station is contracted for what is installed; for one in forty the contract was not raised with its last upgrade. */
const contractShare = (serial: number): number => (serial % 40 === 17 ? 0.6 : 1);

/** Each type of connector of each site, with the tariff of its region. */
const demoAssignments = (sites: readonly DemoSite[], stations: readonly DemoStation[]): TariffAssignment[] =>
  sites
    .filter(({ kind }) => kind !== 'depot')
    .flatMap(({ siteId }) => {
      const there = stations.filter((station) => station.siteId === siteId);
      const types = new Set(there.flatMap(({ connectors }) => connectors.map(({ connectorType }) => connectorType)));
      return [...types].map((connectorType) => ({
        tariffId: tariffIdOf(there[0]?.region ?? '', connectorType),
        siteId,
        connectorType,
      }));
    });

/** Stations of a row are wired in turn, so that cars on one phase spread over the three. */
const rotations = ['RST', 'STR', 'TRS'] as const satisfies readonly PhaseRotation[];

const SPLIT_PHASE_V = 240;

/** North America supplies small chargers with two lines of 240 V, larger ones with three phases of 277 V to neutral. */
const supplyVoltageOf = (region: string, { connectors }: Model): number => {
  if (region !== 'california' && region !== 'texas') return PHASE_VOLTAGE_V;
  return connectors.some(({ ratedW }) => ratedW > 11_500) ? 277 : SPLIT_PHASE_V;
};

/** Where an old line was kept, it bears less than the new charger gives, A per phase. */
const THIN_CABLE_A = 20;

const electricsOfModel = (
  connector: ModelConnector,
  serial: number,
  supply: { readonly voltageV: number; readonly feeder: string },
): Electrics => {
  const { ratedW } = connector;
  const stated = { ...supply, phaseRotation: rotations[serial % rotations.length] ?? 'RST' };
  // A rectifier gives nothing below about a twenty-fifth of its power.
  if (!isAlternating(connector.connectorType))
    return electricsOf(connector, { ...stated, minimumW: Math.max(2_000, Math.round(ratedW / 25_000) * 1_000) });
  const isThin = ratedW >= 22_000 && serial % 9 === 4;
  const phases = supply.voltageV === SPLIT_PHASE_V ? (1 as const) : undefined;
  return electricsOf(connector, { ...stated, ...omitUndefined({ phases, ratedA: isThin ? THIN_CABLE_A : undefined }) });
};

const demoStation = (serial: number, site: Site, kind: SiteKind, chance: Random): DemoStation => {
  const model = models[chance.pick(kind.models)];
  if (!model) throw new Error(`Site kind ${kind.kind} names a model that is not in the catalogue`);
  const zone = chance.pick(kind.zones);
  const voltageV = supplyVoltageOf(site.region, model);
  const installedW = model.connectors.reduce((sum, connector) => sum + connector.ratedW, 0);
  return {
    stationId: `WS-${digits(serial, 4)}`,
    password: password(chance.fork(`password ${serial}`)),
    siteId: site.siteId,
    zoneId: `${site.siteId}/${zone}`,
    region: site.region,
    timeZone: site.timeZone,
    latitude: site.latitude,
    longitude: site.longitude,
    vendor: model.vendor,
    model: model.model,
    firmware: chance.pick(model.firmware),
    contractMaxW: Math.ceil((installedW * contractShare(serial)) / 1000) * 1000,
    connectors: model.connectors.map((connector, index) => ({
      evseId: index + 1,
      connectorId: index + 1,
      ...connector,
      electrics: electricsOfModel(connector, serial, { voltageV, feeder: zone }),
    })),
    supplyVoltageV: voltageV,
    admission: 'accepted',
    ocpp: serial % 5 < 3 ? '1.6' : '2.0.1',
  };
};

/** In 2.x an EVSE usually has one connector and numbers it 1; in 1.6 the connector number stands for both. */
const asSpoken = (station: DemoStation): DemoStation =>
  station.ocpp === '1.6'
    ? station
    : { ...station, connectors: station.connectors.map((connector) => ({ ...connector, connectorId: 1 })) };

/**
 * A believable charging network: highway, retail, depot, office and street sites in several regions and time zones, with
 * CCS and CHAdeMO from 50 to 350 kW and Type 2 from 7.4 to 43 kW; three stations in five speak OCPP 1.6, the others 2.0.1.
 * Pure: the same number of stations and seed give the same network.
 */
export const demoNetwork = ({ stations: count, seed }: { stations: number; seed: number | string }): DemoNetwork => {
  const chance = random(`network ${seed}`);
  const sites: DemoSite[] = [];
  const stations: DemoStation[] = [];
  while (stations.length < count) {
    const kind = siteKinds[sites.length % siteKinds.length] ?? siteKinds[0];
    const site = demoSite(sites.length, kind, chance);
    const { siteId, name, timeZone } = site;
    sites.push({ siteId, name, kind: kind.kind, timeZone });
    const size = Math.min(chance.integer(...kind.stations), count - stations.length);
    for (let index = 0; index < size; index++)
      stations.push(asSpoken(demoStation(stations.length + 1, site, kind, chance)));
  }
  return {
    sites,
    stations,
    tags: demoTags(Math.max(100, count * 3)),
    tariffs: demoTariffs,
    assignments: demoAssignments(sites, stations),
  };
};
