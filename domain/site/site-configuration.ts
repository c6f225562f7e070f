import type { StrategyName } from '../charging/strategies/index.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import { isSiteId } from './is-site-id.ts';

/** A cable or fuse below the grid connection. Which connectors hang on it stands in the registry. */
export type Feeder = {
  readonly feederId: string;
  readonly limitW: number;
  /** The feeder it hangs on itself; without one, the grid connection. */
  readonly parent?: string;
};

/** The current of each phase of the grid connection. */
export type PhaseLimits = {
  /** Between phase and neutral. */
  readonly voltageV: number;
  /** What each phase carries, A. What the building draws of it is taken off where the meter tells currents; otherwise chargers may draw it all. */
  readonly limitA: number;
  /** The most by which two phases may differ, A. */
  readonly unbalanceA?: number;
};

/** A power a connector is never throttled below while it charges, W. */
export type Minimum = {
  readonly connectorType: string;
  readonly minimumW: number;
  /** Why, where it is more than a physical minimum: told with the setpoint ("NEVI 150 kW"). */
  readonly contract?: string;
};

/** Everything that may differ between two controlled sites. Written by administrators, with a revision of its own. */
export type SiteConfiguration = {
  readonly siteId: string;
  /** Raised by one with every change; a change names the one it was made from. */
  readonly revision: number;
  /** Whether setpoints are sent. The limit counts for alerts either way. */
  readonly controlled: boolean;
  /** The grid connection. */
  readonly limitW: number;
  /** Kept free of the limit, percent of it. */
  readonly marginPercent: number;
  /**
   * 'grid': a meter of the whole site is told (SiteDemandMeasured), and what the building draws is taken off the limit.
   * 'none': nothing but chargers hangs on the limit.
   */
  readonly meter: 'grid' | 'none';
  /** A meter reading older than this no longer counts, and the fall-back holds. */
  readonly meterStaleMs: number;
  /** What all chargers of the site together may draw while the meter is lost, percent of the limit. */
  readonly fallbackPercent: number;
  readonly feeders: readonly Feeder[];
  readonly phases?: PhaseLimits;
  readonly minimums: readonly Minimum[];
  readonly strategy: StrategyName;
  /** Share of the usable power per price tier, 0 to 1; a tier that is not named counts as 1. */
  readonly tierFactors: Readonly<Record<string, number>>;
  /** Charge from what the building exports only. */
  readonly onlySolar: boolean;
  /** No setpoint is raised within this time after it was raised; lowering is always allowed. */
  readonly minIntervalMs: number;
  /** A car that was admitted is not paused for another within this time. */
  readonly minOnMs: number;
  /** A setpoint ends by itself after this time, and is refreshed at half of it. */
  readonly validityMs: number;
  /** Who may set bids; empty: whoever may send signals. */
  readonly bidders: readonly string[];
};

/** What holds where a site engineer says nothing. */
export const defaultConfiguration = {
  controlled: false,
  marginPercent: 0,
  meter: 'grid',
  meterStaleMs: MINUTE_MS,
  fallbackPercent: 30,
  feeders: [],
  minimums: [],
  strategy: 'equal',
  tierFactors: { OFF_PEAK: 1, MID_PEAK: 0.8, ON_PEAK: 0.5, CRITICAL_PEAK: 0.2 },
  onlySolar: false,
  minIntervalMs: MINUTE_MS,
  minOnMs: 15 * MINUTE_MS,
  validityMs: 15 * MINUTE_MS,
  bidders: [],
} as const satisfies Omit<SiteConfiguration, 'siteId' | 'revision' | 'limitW' | 'phases'>;

/** As much as one item of the sites table holds beside everything else. */
const MOST_FEEDERS = 50;
const MOST_LIMIT_W = 100_000_000;
/** OCPP stations take some seconds to change a limit, and a refresh must fit in before the old one ends. */
const LEAST_VALIDITY_MS = 2 * MINUTE_MS;

const kw = (powerW: number): string => `${powerW / 1_000} kW`;

const within = (name: string, value: number, least: number, most: number, unit = ''): readonly string[] =>
  Number.isFinite(value) && value >= least && value <= most
    ? []
    : [`${name} is ${value}${unit}: it must be ${least} to ${most}${unit}`];

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** The chain of parents from a feeder up; ends where it comes back to one it has passed. */
export const parentsOf = (feeders: readonly Feeder[], from: Feeder): readonly string[] => {
  const chain: string[] = [];
  let { parent } = from;
  while (parent !== undefined && !chain.includes(parent)) {
    chain.push(parent);
    parent = feeders.find(({ feederId }) => feederId === parent)?.parent;
  }
  return chain;
};

const feederFaults = ({ feeders, limitW }: SiteConfiguration): readonly string[] => {
  const names = feeders.map(({ feederId }) => feederId);
  return [
    ...(feeders.length > MOST_FEEDERS ? [`There are ${feeders.length} feeders: at most ${MOST_FEEDERS}`] : []),
    ...repeated(names).map((name) => `Feeder ${name} is named twice`),
    ...feeders.flatMap((feeder) => {
      const { feederId, parent } = feeder;
      const faults = within(`The limit of feeder ${feederId}`, feeder.limitW / 1_000, 0, limitW / 1_000, ' kW');
      if (parent !== undefined && !names.includes(parent))
        return [...faults, `Feeder ${feederId} hangs on ${parent}, which is not a feeder of this site`];
      return parentsOf(feeders, feeder).includes(feederId) ? [...faults, `Feeder ${feederId} hangs on itself`] : faults;
    }),
  ];
};

/**
 * Why a configuration cannot stand, one sentence per fault in the words of whoever plans sites; empty when it can.
 */
export const configurationFaults = (site: SiteConfiguration): readonly string[] => {
  const { siteId, limitW, phases, minimums, tierFactors } = site;
  return [
    ...(isSiteId(siteId)
      ? []
      : [`The site is called ${siteId}: letters, digits and _ . = @ | - only, as its name stands in MQTT topics`]),
    ...within('The limit of the site', limitW / 1_000, 0.01, MOST_LIMIT_W / 1_000, ' kW'),
    ...within('The margin', site.marginPercent, 0, 50, ' %'),
    ...within('The fall-back share', site.fallbackPercent, 0, 100 - site.marginPercent, ' % of the limit'),
    ...within('The age at which the meter is lost', site.meterStaleMs / SECOND_MS, 5, 900, ' s'),
    ...within('The minimum interval', site.minIntervalMs / SECOND_MS, 0, 3_600, ' s'),
    ...within('The minimum on-time', site.minOnMs / SECOND_MS, 0, 86_400, ' s'),
    ...within('The validity of a setpoint', site.validityMs / SECOND_MS, LEAST_VALIDITY_MS / SECOND_MS, 86_400, ' s'),
    ...feederFaults(site),
    ...(phases === undefined
      ? []
      : [
          ...within('The voltage of a phase', phases.voltageV, 100, 400, ' V'),
          ...within('The limit of a phase', phases.limitA, 1, 10_000, ' A'),
          ...(phases.unbalanceA === undefined
            ? []
            : within('The unbalance between phases', phases.unbalanceA, 1, phases.limitA, ' A')),
        ]),
    ...repeated(minimums.map(({ connectorType }) => connectorType)).map((type) => `${type} has two minimums`),
    ...minimums.flatMap(({ connectorType, minimumW }) =>
      minimumW > limitW
        ? [`The minimum of ${connectorType} is ${kw(minimumW)}: more than the ${kw(limitW)} of the site`]
        : within(`The minimum of ${connectorType}`, minimumW / 1_000, 0, MOST_LIMIT_W / 1_000, ' kW'),
    ),
    ...Object.entries(tierFactors).flatMap(([tier, factor]) => within(`The factor of tier ${tier}`, factor, 0, 1)),
    ...(site.onlySolar && site.meter === 'none'
      ? ['Charging from solar power only needs a grid meter: without one nobody knows what is exported']
      : []),
  ];
};

/** What chargers of the site may draw together while the meter is lost, W. */
export const fallbackBudgetW = ({ limitW, fallbackPercent }: SiteConfiguration): number =>
  (limitW * fallbackPercent) / 100;
