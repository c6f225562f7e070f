import type { FallbackShare } from '../connector/fallback-profile.ts';
import { sum } from '../kernel/sum.ts';
import {
  type Electrics,
  electricsOfConnector,
  type GridPhase,
  gridPhasesOf,
  maximumWOf,
  minimumWOf,
  type RatedConnector,
} from '../registry/electrics.ts';
import { PHASE_VOLTAGE_V } from '../registry/nominal-voltage.ts';
import type { RegisteredConnector, Registration } from '../registry/registration.ts';
import type { Conductors } from '../session/used-conductors.ts';
import { type CapabilityRecord, capabilitiesOf } from '../station/capability-record.ts';
import { type Feeder, fallbackBudgetW, parentsOf, type SiteConfiguration } from './site-configuration.ts';

/**
 * How a station can switch a car from three phases to one: to whichever of them it is told (OCPP 2.x: phaseToUse), or to the
 * first one.
 */
export type PhaseSwitching = 'any-phase' | 'first-phase';

/** A station of a site: as it is registered, and how it switches phases, if it does. */
export type SiteStation = Registration & { readonly phaseSwitching?: PhaseSwitching };

/** What does not change from minute to minute: how the site is configured and what stands there. */
export type SitePlan = {
  readonly configuration: SiteConfiguration;
  readonly stations: readonly SiteStation[];
};

/** A place of a site, and of the car there the conductors it draws from, where fewer than its place has. */
type OnSite = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly conductors?: Conductors;
};

/** How a station switches phases by what it told of its abilities; undefined if it does not. */
export const phaseSwitchingOf = (capabilities: CapabilityRecord | undefined): PhaseSwitching | undefined => {
  const { switchesPhases = false, reducesPhases = false } = capabilitiesOf(capabilities);
  if (switchesPhases) return 'any-phase';
  return reducesPhases ? 'first-phase' : undefined;
};

/** How the station of a car switches phases. */
export const phaseSwitchingAt = ({ stations }: SitePlan, { stationId }: OnSite): PhaseSwitching | undefined =>
  stations.find((station) => station.stationId === stationId)?.phaseSwitching;

/** A connector as the registry knows it; undefined for one it does not know. */
export const registered = (plan: SitePlan, of: OnSite): RegisteredConnector | undefined =>
  plan.stations
    .find(({ stationId }) => stationId === of.stationId)
    ?.connectors.find(({ evseId, connectorId }) => evseId === of.evseId && connectorId === of.connectorId);

/** Whether the registry knows the connector of a car: one it does not know counts as load of the building. */
export const isRegistered = (plan: SitePlan, of: OnSite): boolean => registered(plan, of) !== undefined;

/**
 * What one car may do at a connector: the bounds of its setpoint, W, how the EVSE is supplied, and the phases of the grid the car
 * draws on, which may be fewer.
 */
export type Supply = {
  readonly minW: number;
  readonly maxW: number;
  readonly electrics: Electrics;
  readonly phases: readonly GridPhase[];
};

/** The supply of a connector; undefined for one the registry does not know: it cannot be given a setpoint. */
export const supplyOf = (plan: SitePlan, of: OnSite): Supply | undefined => {
  const connector = registered(plan, of);
  if (connector === undefined || connector.ratedW <= 0) return undefined;
  const electrics = electricsOfConnector(connector);
  const { minimums } = plan.configuration;
  const configured = minimums.find(({ connectorType }) => connectorType === connector.connectorType)?.minimumW ?? 0;
  const all = gridPhasesOf(electrics);
  const used = electrics.current === 'DC' ? [] : (of.conductors ?? []).flatMap((conductor) => all[conductor - 1] ?? []);
  const phases = used.length === 0 ? all : used;
  const share = phases.length / all.length;
  const maxW = share * maximumWOf(connector);
  const minW = Math.min(maxW, Math.max(share * minimumWOf(connector), configured));
  return { minW, maxW, electrics, phases };
};

const connectorsOf = ({ stations }: Pick<SitePlan, 'stations'>): readonly RegisteredConnector[] =>
  stations.flatMap(({ connectors }) => connectors);

/** The power some connectors could draw together, W. */
const mostW = (connectors: readonly RatedConnector[]): number => sum(connectors.map(maximumWOf));

/** The power all connectors of the site could draw together, W. */
export const installedW = (plan: SitePlan): number => mostW(connectorsOf(plan));

/**
 * The voltage at which the currents of phases are counted, V: the configured one, or a lower one at which a connector is
 * registered. Its limit is written in amperes at that: counted at more, limits add up to a larger current than was allowed.
 */
export const phaseVoltageV = (plan: SitePlan): number =>
  Math.min(
    plan.configuration.phases?.voltageV ?? PHASE_VOLTAGE_V,
    ...connectorsOf(plan)
      .map(electricsOfConnector)
      .flatMap(({ current, voltageV }) => (current === 'AC' ? [voltageV] : [])),
  );

/** A feeder and all below it, by id. */
export const feedersBehind = (feeders: readonly Feeder[], { feederId }: Feeder): readonly string[] =>
  feeders
    .filter((feeder) => feeder.feederId === feederId || parentsOf(feeders, feeder).includes(feederId))
    .map((feeder) => feeder.feederId);

/** All connectors on a feeder and on the feeders below it. */
const connectorsBehind = (plan: SitePlan, feeder: Feeder): readonly RegisteredConnector[] => {
  const names = feedersBehind(plan.configuration.feeders, feeder);
  return connectorsOf(plan).filter((connector) => names.includes(electricsOfConnector(connector).feeder ?? ''));
};

/** The feeder a connector hangs on and those above it. */
const feedersOver = ({ configuration: { feeders } }: SitePlan, connector: RegisteredConnector): readonly Feeder[] => {
  const own = feeders.find(({ feederId }) => feederId === electricsOfConnector(connector).feeder);
  const names = own === undefined ? [] : [own.feederId, ...parentsOf(feeders, own)];
  return feeders.filter(({ feederId }) => names.includes(feederId));
};

/** The most a connector draws from a phase of the grid, A. */
const mostOnPhaseA = (connector: RatedConnector, phase: GridPhase, voltageV: number): number => {
  const phases = gridPhasesOf(electricsOfConnector(connector));
  return phases.includes(phase) ? maximumWOf(connector) / phases.length / voltageV : 0;
};

/** The shares of a connector in what each of its phases carries, W. */
const phaseSharesW = (plan: SitePlan, connector: RegisteredConnector): readonly number[] => {
  const { phases } = plan.configuration;
  if (phases === undefined) return [];
  const voltageV = phaseVoltageV(plan);
  return gridPhasesOf(electricsOfConnector(connector)).map((phase) => {
    const mostA = sum(connectorsOf(plan).map((other) => mostOnPhaseA(other, phase, voltageV)));
    return (phases.limitA * maximumWOf(connector)) / mostA;
  });
};

/**
 * The share of a connector in what is safe without a meter, W: in proportion to its rating, so that the shares of all
 * connectors together are no more than the fall-back budget of the site, those behind a feeder no more than its limit, those of
 * a station no more than its contract, and those on a phase no more than it carries.
 */
export const fallbackShareW = (plan: SitePlan, of: OnSite): number => {
  const connector = registered(plan, of);
  const maxW = connector === undefined ? 0 : maximumWOf(connector);
  if (connector === undefined || maxW <= 0) return 0;
  const shareOf = (limitW: number, connectors: readonly RegisteredConnector[]): number =>
    (limitW * maxW) / mostW(connectors);
  const own = plan.stations.filter(({ stationId }) => stationId === of.stationId);
  const shares = [
    shareOf(fallbackBudgetW(plan.configuration), connectorsOf(plan)),
    ...feedersOver(plan, connector).map((feeder) => shareOf(feeder.limitW, connectorsBehind(plan, feeder))),
    ...own.map(({ contractMaxW = Number.POSITIVE_INFINITY, connectors }) => shareOf(contractMaxW, connectors)),
    ...phaseSharesW(plan, connector),
  ];
  return Math.floor(Math.min(maxW, ...shares));
};

/** What each EVSE of a station is to fall back to: the shares of its connectors, of which one vehicle uses one at a time. */
export const fallbackSharesOf = (plan: SitePlan, { stationId, connectors }: Registration): readonly FallbackShare[] =>
  [...Map.groupBy(connectors, ({ evseId }) => evseId)].map(([evseId, own]) => ({
    evseId,
    limitW: sum(own.map(({ connectorId }) => fallbackShareW(plan, { stationId, evseId, connectorId }))),
  }));
