import type { FallbackShare } from '../connector/fallback-profile.ts';
import {
  type Electrics,
  electricsOfConnector,
  type GridPhase,
  gridPhasesOf,
  maximumWOf,
  minimumWOf,
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

/** The power all connectors of the site could draw together, W. */
export const installedW = (plan: SitePlan): number =>
  connectorsOf(plan).reduce((sum, connector) => sum + maximumWOf(connector), 0);

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

/** The power all connectors on a feeder and on the feeders below it could draw together, W. */
const installedBehindW = (plan: SitePlan, feeder: Feeder): number => {
  const names = feedersBehind(plan.configuration.feeders, feeder);
  return connectorsOf(plan)
    .filter((connector) => names.includes(electricsOfConnector(connector).feeder ?? ''))
    .reduce((sum, connector) => sum + maximumWOf(connector), 0);
};

/** The feeder a connector hangs on and those above it. */
const feedersOver = ({ configuration: { feeders } }: SitePlan, connector: RegisteredConnector): readonly Feeder[] => {
  const own = feeders.find(({ feederId }) => feederId === electricsOfConnector(connector).feeder);
  const names = own === undefined ? [] : [own.feederId, ...parentsOf(feeders, own)];
  return feeders.filter(({ feederId }) => names.includes(feederId));
};

/**
 * The share of a connector in what is safe without a meter, W: in proportion to its rating, so that the shares of all
 * connectors together are no more than the fall-back budget of the site, and those behind a feeder no more than its limit.
 */
export const fallbackShareW = (plan: SitePlan, of: OnSite): number => {
  const connector = registered(plan, of);
  const maxW = connector === undefined ? 0 : maximumWOf(connector);
  if (connector === undefined || maxW <= 0) return 0;
  const share = (fallbackBudgetW(plan.configuration) * maxW) / installedW(plan);
  const ofFeeders = feedersOver(plan, connector).map(
    (feeder) => (feeder.limitW * maxW) / installedBehindW(plan, feeder),
  );
  return Math.floor(Math.min(maxW, share, ...ofFeeders));
};

/** What each EVSE of a station is to fall back to: the shares of its connectors, of which one vehicle uses one at a time. */
export const fallbackSharesOf = (plan: SitePlan, { stationId, connectors }: Registration): readonly FallbackShare[] =>
  [...Map.groupBy(connectors, ({ evseId }) => evseId)].map(([evseId, own]) => ({
    evseId,
    limitW: own.reduce((sum, { connectorId }) => sum + fallbackShareW(plan, { stationId, evseId, connectorId }), 0),
  }));
