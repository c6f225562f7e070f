import { electricsOf } from '../../domain/registry/electrics.ts';
import { defaultConfiguration, type SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { Drivers, Visit } from '../../simulator/charge-point/cars/drivers.ts';
import {
  arrivingVehicle,
  charged,
  type Offer,
  outletPhases,
  takenW,
  type Vehicle,
} from '../../simulator/charge-point/cars/vehicle.ts';
import type { SimulatedConnector } from '../../simulator/charge-point/simulated-connector.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';
import { isAlternating, models } from '../../simulator/network/models.ts';
import { type Random, random } from '../../simulator/random.ts';
import { type Building, siteLoadW } from '../../simulator/site-load-w.ts';

/** A car at a connector: from when to when, what it can take there and what it wants, W and Wh at the meter. */
export type PlannedVisit = Visit & {
  readonly at: number;
  readonly presentsTagMs: number;
  readonly mostW: number;
  /** As far as it can be had in its stay if nobody limits it: a battery above 80 % takes less and less. */
  readonly wantsWh: number;
};

/** Cars that take all they are offered, or cars as they come: one in six keeps well below an offer, and the power of all wavers. */
export type Appetite = 'full' | 'modest';

export type SimulatedSite = {
  readonly configuration: SiteConfiguration;
  readonly building: Building;
  readonly stations: readonly DemoStation[];
  /** By "stationId/evseId", in the order of their arrival. */
  readonly visits: ReadonlyMap<string, readonly PlannedVisit[]>;
};

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
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

type Outlet = DemoStation['connectors'][number];

/** The most a car takes at an outlet, W, before its battery is nearly full. */
const mostOf = ({ perPhaseW, phases, directW, takesShare }: Vehicle, { ratedW, connectorType }: Outlet): number => {
  if (!isAlternating(connectorType)) return Math.min(directW, ratedW) * takesShare;
  const used = Math.min(phases, outletPhases(ratedW));
  return Math.min(perPhaseW, ratedW / outletPhases(ratedW)) * used;
};

/** On-board chargers as outlets of the kind attract them: one with one phase would hold three times what it takes elsewhere. */
const phasesAt = ({ ratedW }: Outlet): Pick<Vehicle, 'phases' | 'perPhaseW'> =>
  outletPhases(ratedW) === 1
    ? { phases: 1, perPhaseW: 7_400 }
    : { phases: 3, perPhaseW: ratedW >= 22_000 ? 7_400 : 3_700 };

/** All an outlet gives when nothing limits it. */
const fullOffer = ({ ratedW, connectorType }: Outlet): Offer => ({
  ratedW,
  alternating: isAlternating(connectorType),
  limit: { powerW: ratedW, phases: outletPhases(ratedW) },
});

/** All the outlet at "stationId/evseId" gives when nothing limits it. */
export const outletOffer = ({ stations }: SimulatedSite, path: string): Offer => {
  for (const { stationId, connectors } of stations)
    for (const outlet of connectors) if (`${stationId}/${outlet.evseId}` === path) return fullOffer(outlet);
  throw new Error(`There is no outlet ${path}`);
};

const STEP_MS = 30_000;

/** What a car takes in so long when it may take all it can, up to what it wants, Wh. No limit makes it more: batteries take less the fuller they are. */
const unlimitedWh = (arriving: Vehicle, outlet: Outlet, durationMs: number): number => {
  const offer = fullOffer(outlet);
  let [vehicle, takenWh] = [arriving, 0];
  for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
    const energyWh = (takenW(vehicle, offer) * Math.min(STEP_MS, durationMs - passedMs)) / HOUR_MS;
    if (energyWh === 0) break;
    takenWh += energyWh;
    vehicle = charged(vehicle, energyWh);
  }
  return takenWh;
};

const visitOf = (at: number, stayMs: number, outlet: Outlet, appetite: Appetite, chance: Random): PlannedVisit => {
  const arriving = { ...arrivingVehicle(chance), ...phasesAt(outlet) };
  const vehicle = appetite === 'full' ? { ...arriving, takesShare: 1, wavers: 0 } : arriving;
  const presentsTagMs = chance.between(5, 15) * 1_000;
  const wantsWh = unlimitedWh(vehicle, outlet, stayMs - presentsTagMs);
  return { at, stayMs, vehicle, presentsTagMs, mostW: mostOf(vehicle, outlet), wantsWh };
};

/** Who comes to an outlet in the course of a day: at alternating current for work or the night, at direct current in passing. */
const visitsTo = (
  outlet: Outlet,
  appetite: Appetite,
  startAt: number,
  durationMs: number,
  chance: Random,
): readonly PlannedVisit[] => {
  const visits: PlannedVisit[] = [];
  const add = (fromMs: number, stayMs: number): void => {
    if (fromMs < durationMs) visits.push(visitOf(startAt + fromMs, stayMs, outlet, appetite, chance));
  };
  if (isAlternating(outlet.connectorType)) {
    const comesMs = chance.between(7.5, 10) * HOUR_MS;
    const staysMs = chance.between(6, 8.5) * HOUR_MS;
    if (chance.chance(0.3)) add(chance.between(0, 0.5) * HOUR_MS, chance.between(3, 6.5) * HOUR_MS);
    add(comesMs, staysMs);
    if (chance.chance(0.7)) add(comesMs + staysMs + chance.between(0.3, 2) * HOUR_MS, chance.between(3, 6) * HOUR_MS);
    return visits;
  }
  for (let fromMs = chance.between(0.1, 7) * HOUR_MS; fromMs < Math.min(durationMs, 22 * HOUR_MS); ) {
    const stayMs = chance.between(20, 50) * MINUTE_MS;
    add(fromMs, stayMs);
    const isBusy = fromMs > 9 * HOUR_MS && fromMs < 19 * HOUR_MS;
    fromMs += stayMs + chance.between(3, isBusy ? 20 : 120) * MINUTE_MS;
  }
  return visits;
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
