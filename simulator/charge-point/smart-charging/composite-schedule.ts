import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { InstalledProfile } from './installed-profile.ts';
import { amperesOf, type Limit, limitChanges, type Outlet, outletLimit, stationLimitW } from './outlet-limit.ts';

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
