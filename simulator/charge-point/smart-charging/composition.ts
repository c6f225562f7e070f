import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { type ChargingProfile, changesBetween, type ProfilePurpose, periodAt } from './charging-profile.ts';

/** A profile as it is installed; EVSE 0 is the station as a whole. */
export type InstalledProfile = { readonly evseId: number; readonly profile: ChargingProfile };

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

/** One period of a composite schedule. */
export type CompositePeriod = { readonly startPeriod: number; readonly limit: number; readonly numberPhases?: number };

/** Limits have one decimal in OCPP; rounded down, so that nobody takes more than was allowed. */
const tenths = (value: number): number => Math.floor(Number((value * 10).toFixed(6))) / 10;

/**
 * The limit of an outlet, or of the whole station (`outlet` undefined), from `from` for so many seconds: one period per
 * change of the limit. Of an outlet it is what its own profiles and the station's maximum allow, whichever is less.
 */
export const compositeSchedule = (
  installed: readonly InstalledProfile[],
  outlets: readonly Outlet[],
  outlet: Outlet | undefined,
  { from, durationSec, unit }: { readonly from: number; readonly durationSec: number; readonly unit: 'W' | 'A' },
): CompositePeriod[] => {
  const limitAt = (at: number): Limit => {
    const stationW = stationLimitW(installed, at);
    if (outlet === undefined) {
      const sumW = outlets.reduce((sum, one) => sum + outletLimit(installed, one, at).powerW, 0);
      return { powerW: Math.min(stationW, sumW), phases: 3 };
    }
    const own = outletLimit(installed, outlet, at);
    return { ...own, powerW: Math.min(own.powerW, stationW) };
  };
  const periods: CompositePeriod[] = [];
  for (const at of [from, ...limitChanges(installed, outlets, from, from + durationSec * 1000 - 1)]) {
    const limit = limitAt(at);
    const period = {
      startPeriod: Math.round((at - from) / 1000),
      limit: tenths(unit === 'W' ? limit.powerW : amperesOf(limit)),
      ...omitUndefined({ numberPhases: unit === 'A' ? limit.phases : undefined }),
    };
    const last = periods.at(-1);
    if (last === undefined || last.limit !== period.limit || last.numberPhases !== period.numberPhases)
      periods.push(period);
  }
  return periods;
};
