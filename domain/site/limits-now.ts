import type { PriceTier } from '../charging/allocation-problem.ts';
import { limitSource } from './limit-source.ts';
import type { Feeder, PhaseLimits, SiteConfiguration } from './site-configuration.ts';
import { phaseVoltageV, type SitePlan } from './site-plan.ts';
import type { LimitScope, PriceSpan, PricesPublished, SiteLimitSet } from './site-signal.ts';
import type { SiteState } from './site-state.ts';
import { isLater } from './standing-limits.ts';

/**
 * The limit of a scope that holds now: of every source the one it said last of those that have begun, and of these the lowest;
 * Infinity where there is none.
 */
export const signalledLimit = (limits: readonly SiteLimitSet[], wanted: LimitScope, now: number): number => {
  const isAbout = ({ scope }: SiteLimitSet): boolean => {
    if (scope.kind === 'feeder' && wanted.kind === 'feeder') return scope.feederId === wanted.feederId;
    if (scope.kind === 'station' && wanted.kind === 'station') return scope.stationId === wanted.stationId;
    return scope.kind === wanted.kind;
  };
  const begun = limits.filter((limit) => isAbout(limit) && limit.from <= now);
  const isLast = (limit: SiteLimitSet): boolean =>
    !begun.some((other) => limitSource(other) === limitSource(limit) && isLater(other, limit));
  const holding = begun.filter((limit) => isLast(limit) && (limit.to ?? now + 1) > now);
  return Math.min(...holding.map(({ limit = Number.POSITIVE_INFINITY }) => limit));
};

/** The limit of the grid connection now, W. */
export const siteLimitW = ({ limits }: SiteState, { configuration }: SitePlan, now: number): number =>
  Math.min(configuration.limitW, signalledLimit(limits, { kind: 'site' }, now));

/** The limit of a feeder now, W. */
export const feederLimitW = ({ limits }: SiteState, { feederId, limitW }: Feeder, now: number): number =>
  Math.min(limitW, signalledLimit(limits, { kind: 'feeder', feederId }, now));

const phaseLimitA = ({ limits }: SiteState, { configuration: { phases } }: SitePlan, now: number): number =>
  Math.min(phases?.limitA ?? Number.POSITIVE_INFINITY, signalledLimit(limits, { kind: 'phases' }, now));

/** Whether the phases of the connection are limited now: by the configuration, or because it was signalled. */
export const arePhasesLimited = (state: SiteState, plan: SitePlan, now: number): boolean =>
  phaseLimitA(state, plan, now) < Number.POSITIVE_INFINITY;

/** The limits of the phases of the connection now, if there are any. */
export const phaseLimitsNow = (state: SiteState, plan: SitePlan, now: number): PhaseLimits | undefined => {
  if (!arePhasesLimited(state, plan, now)) return undefined;
  return { ...plan.configuration.phases, voltageV: phaseVoltageV(plan), limitA: phaseLimitA(state, plan, now) };
};

/** The price that holds now. */
export const priceNow = ({ prices }: SiteState, now: number): PriceSpan | undefined => {
  const begun = prices?.prices.findLast(({ from }) => from <= now);
  return begun === undefined || (begun.to !== undefined && begun.to <= now) ? undefined : begun;
};

/** The tier that holds now with its share; a tier the site does not know counts as all (and is told, `unknownTiers`). */
export const tierNow = (state: SiteState, { configuration }: SitePlan, now: number): PriceTier | undefined => {
  const name = priceNow(state, now)?.tier;
  return name === undefined ? undefined : { name, factor: configuration.tierFactors[name] ?? 1 };
};

/** Tiers of prices that the configuration of their site gives no share: each once. */
export const unknownTiers = (
  { prices }: PricesPublished,
  { tierFactors }: Pick<SiteConfiguration, 'tierFactors'>,
): readonly string[] => [
  ...new Set(prices.flatMap(({ tier }) => (tier === undefined || tierFactors[tier] !== undefined ? [] : [tier]))),
];
