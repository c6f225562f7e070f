import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { type ChargingProfile, changesBetween, type ProfilePurpose, periodAt } from './charging-profile.ts';
import type { InstalledProfile } from './installed-profile.ts';

/** Where a car is charged. */
export type Outlet = {
  readonly evseId: number;
  readonly ratedW: number;
  /** Phases of the outlet; of a direct-current one, those it takes from the grid. */
  readonly phases: 1 | 3;
  readonly transaction?: { readonly transactionId?: string | number; readonly startedAt: number };
};

/** What an outlet may give: W in all, spread evenly over so many phases; of one phase, which one, where the station switches. */
export type Limit = { readonly powerW: number; readonly phases: number; readonly phase?: number };

const nominalV = 230;

/** A on each phase. */
export const amperesOf = ({ powerW, phases }: Limit): number => powerW / (nominalV * phases);

/** W over one phase at so many A. */
export const wattsOf = (amperes: number): number => amperes * nominalV;

/** A limit whose number of phases is left out is meant for three (OCPP 1.6 7.14, 2.0.1 ChargingSchedulePeriodType). */
const limitOf = (profile: ChargingProfile, at: number, startedAt: number, outletPhases: number): Limit | undefined => {
  const period = periodAt(profile, at, startedAt);
  if (period === undefined) return undefined;
  const phases = Math.min(period.phases ?? 3, outletPhases);
  const powerW = profile.unit === 'W' ? period.limit : wattsOf(period.limit) * phases;
  return { phases, powerW, ...omitUndefined({ phase: period.phaseToUse }) };
};

/** The profiles of a purpose that concern an outlet, the ones that count first: higher stack levels, then its own EVSE's. */
const candidates = (
  installed: readonly InstalledProfile[],
  purpose: ProfilePurpose,
  { evseId, transaction }: Outlet,
): ChargingProfile[] =>
  installed
    .filter(
      (one) =>
        one.profile.purpose === purpose &&
        (one.evseId === 0 || one.evseId === evseId) &&
        (one.profile.transactionId === undefined || one.profile.transactionId === transaction?.transactionId),
    )
    .toSorted((a, b) => b.profile.stackLevel - a.profile.stackLevel || b.evseId - a.evseId)
    .map(({ profile }) => profile);

const firstLimit = (profiles: readonly ChargingProfile[], at: number, { phases, transaction }: Outlet) => {
  for (const profile of profiles) {
    const limit = limitOf(profile, at, transaction?.startedAt ?? at, phases);
    if (limit !== undefined) return limit;
  }
  return undefined;
};

/**
 * What the profiles allow one outlet: of each purpose the highest stack level that says something, the transaction's before
 * the default. The station's maximum is not in it: `stationLimitW` is shared by all outlets.
 */
export const outletLimit = (installed: readonly InstalledProfile[], outlet: Outlet, at: number): Limit => {
  const own = outlet.transaction && firstLimit(candidates(installed, 'transaction', outlet), at, outlet);
  const limit = own ?? firstLimit(candidates(installed, 'default', outlet), at, outlet);
  return limit === undefined
    ? { powerW: outlet.ratedW, phases: outlet.phases }
    : { ...limit, powerW: Math.min(limit.powerW, outlet.ratedW) };
};

/** What the profiles allow the station as a whole, W; Infinity without a station maximum. */
export const stationLimitW = (installed: readonly InstalledProfile[], at: number): number => {
  const station: Outlet = { evseId: 0, ratedW: Infinity, phases: 3 };
  return firstLimit(candidates(installed, 'station-maximum', station), at, station)?.powerW ?? Infinity;
};

const startedAtOf = (outlets: readonly Outlet[], evseId: number, at: number): number =>
  outlets.find((outlet) => outlet.evseId === evseId)?.transaction?.startedAt ?? at;

/** Instants after `from` and up to `to` at which a limit may change, in order. */
export const limitChanges = (
  installed: readonly InstalledProfile[],
  outlets: readonly Outlet[],
  from: number,
  to: number,
): number[] => {
  const instants = installed.flatMap(({ evseId, profile }) =>
    evseId === 0 && profile.startAt === undefined
      ? outlets.flatMap((outlet) => changesBetween(profile, from, to, outlet.transaction?.startedAt ?? from))
      : changesBetween(profile, from, to, startedAtOf(outlets, evseId, from)),
  );
  return [...new Set(instants)].sort((a, b) => a - b);
};
