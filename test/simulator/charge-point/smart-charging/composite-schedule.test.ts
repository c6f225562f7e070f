import { describe, expect, it } from 'vitest';
import type { ChargingProfile } from '../../../../simulator/charge-point/smart-charging/charging-profile.ts';
import { compositeSchedule } from '../../../../simulator/charge-point/smart-charging/composite-schedule.ts';
import type { InstalledProfile } from '../../../../simulator/charge-point/smart-charging/installed-profile.ts';
import {
  limitChanges,
  type Outlet,
  outletLimit,
  stationLimitW,
} from '../../../../simulator/charge-point/smart-charging/outlet-limit.ts';

const start = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const profile = (rest: Partial<ChargingProfile>): ChargingProfile => ({
  profileId: 1,
  purpose: 'default',
  kind: 'Absolute',
  stackLevel: 0,
  unit: 'W',
  periods: [{ startSec: 0, limit: 5000 }],
  startAt: start,
  asSent: {},
  ...rest,
});
const at = (evseId: number, rest: Partial<ChargingProfile> = {}): InstalledProfile => ({
  evseId,
  profile: profile(rest),
});
const limitedTo = (limit: number) => ({ periods: [{ startSec: 0, limit }] });
const outlet: Outlet = { evseId: 1, ratedW: 22_000, phases: 3, transaction: { transactionId: 't', startedAt: start } };
const other: Outlet = { evseId: 2, ratedW: 22_000, phases: 3 };
const limitW = (installed: readonly InstalledProfile[], instant = start + minute) =>
  outletLimit(installed, outlet, instant).powerW;

describe('the limit in force', () => {
  it('is the rating without a profile, and never more', () => {
    expect([limitW([]), limitW([at(0, limitedTo(50_000))])]).toEqual([22_000, 22_000]);
  });

  it('is that of the highest stack level that says something now', () => {
    const expired = at(0, { profileId: 2, stackLevel: 9, validTo: start });
    const high = at(0, { profileId: 3, stackLevel: 5, ...limitedTo(7000) });
    expect(limitW([at(0), high, expired])).toBe(7000);
  });

  it('is that of its own EVSE before that of all, at one stack level, and not that of another', () => {
    expect(limitW([at(1, { profileId: 2, ...limitedTo(3000) }), at(0)])).toBe(3000);
    expect(limitW([at(2, { profileId: 2, ...limitedTo(3000) }), at(0)])).toBe(5000);
  });

  it('is that of the transaction before the default, even upwards, and of no other transaction', () => {
    const own = at(1, { profileId: 2, purpose: 'transaction', transactionId: 't', ...limitedTo(9000) });
    const foreign = at(1, { profileId: 3, purpose: 'transaction', transactionId: 'u', stackLevel: 9 });
    expect([limitW([at(0), own]), limitW([at(0, limitedTo(4000)), foreign])]).toEqual([9000, 4000]);
  });

  it('of the station is shared by all outlets, and so is not that of each', () => {
    const station = at(0, { purpose: 'station-maximum', ...limitedTo(11_000) });
    expect([limitW([station]), stationLimitW([station], start), stationLimitW([], start)]).toEqual([
      22_000,
      11_000,
      Infinity,
    ]);
  });

  it('counts amperes on each phase that is used', () => {
    const amperes = (rest: object) => at(0, { unit: 'A', periods: [{ startSec: 0, limit: 16, ...rest }] });
    expect([outletLimit([amperes({})], outlet, start), outletLimit([amperes({ phases: 1 })], outlet, start)]).toEqual([
      { powerW: 16 * 230 * 3, phases: 3 },
      { powerW: 16 * 230, phases: 1 },
    ]);
  });

  it('follows its periods, ends with its duration and begins anew when it recurs', () => {
    const periods = [
      { startSec: 0, limit: 1000 },
      { startSec: 600, limit: 2000 },
    ];
    const later = (seconds: number, rest: Partial<ChargingProfile> = {}) =>
      limitW([at(0, { periods, durationSec: 900, ...rest })], start + seconds * 1000);
    expect([later(-1), later(0), later(599), later(600), later(899), later(900)]).toEqual([
      22_000, 1000, 1000, 2000, 2000, 22_000,
    ]);
    expect(later(86_400 + 10, { recurring: 'Daily' })).toBe(1000);
    expect(later(604_800 + 610, { recurring: 'Weekly' })).toBe(2000);
  });

  it('counts from validFrom on, and up to validTo', () => {
    const window = at(0, { validFrom: start + minute, validTo: start + 2 * minute });
    expect([0, 1, 2].map((minutes) => limitW([window], start + minutes * minute))).toEqual([22_000, 5000, 22_000]);
  });

  it('of a relative profile starts with the transaction', () => {
    const { startAt: _, ...relative } = profile({ kind: 'Relative', ...limitedTo(1000), durationSec: 30 });
    const installed = [{ evseId: 1, profile: relative }];
    expect([limitW(installed, start + 29_000), limitW(installed, start + 31_000)]).toEqual([1000, 22_000]);
  });
});

describe('a composite schedule', () => {
  const hour = { from: start, durationSec: 3600, unit: 'W' as const };

  it('has one period for every change of the limit, with the station maximum in it', () => {
    const installed = [
      at(1, {
        periods: [
          { startSec: 0, limit: 10_000 },
          { startSec: 1200, limit: 4000 },
        ],
        durationSec: 2400,
      }),
      at(0, { profileId: 2, purpose: 'station-maximum', ...limitedTo(8000), validTo: start + 10 * minute }),
    ];
    expect(compositeSchedule(installed, [outlet, other], outlet, hour)).toEqual([
      { startPeriod: 0, limit: 8000 },
      { startPeriod: 600, limit: 10_000 },
      { startPeriod: 1200, limit: 4000 },
      { startPeriod: 2400, limit: 22_000 },
    ]);
  });

  it('is in amperes when it is asked for in amperes, rounded down to tenths', () => {
    expect(compositeSchedule([at(0)], [outlet], outlet, { ...hour, unit: 'A' })).toEqual([
      { startPeriod: 0, limit: 7.2, numberPhases: 3 },
    ]);
  });

  it('of the station is the sum of its outlets, at most its maximum', () => {
    const installed = [
      at(1, limitedTo(3000)),
      at(0, { profileId: 2, purpose: 'station-maximum', ...limitedTo(30_000) }),
    ];
    const outlets = [outlet, other];
    expect(compositeSchedule(installed, outlets, undefined, hour)).toEqual([{ startPeriod: 0, limit: 25_000 }]);
    expect(compositeSchedule(installed.slice(1), outlets, undefined, hour)).toEqual([
      { startPeriod: 0, limit: 30_000 },
    ]);
  });

  it('shows every day of a profile that recurs', () => {
    const daily = at(0, { kind: 'Recurring', recurring: 'Daily', durationSec: 3600 });
    const instants = limitChanges([daily], [outlet], start + minute, start + 48 * 60 * minute);
    expect(instants.map((instant) => (instant - start) / minute)).toEqual([60, 1440, 1500, 2880]);
  });
});
