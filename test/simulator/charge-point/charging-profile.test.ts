import { describe, expect, it } from 'vitest';
import {
  type ChargingProfile,
  limitW,
  withProfile,
} from '../../../simulator/charge-point/smart-charging/charging-profile.ts';

const start = Date.UTC(2026, 10, 20, 12);
const profile = (rest: Partial<ChargingProfile>): ChargingProfile => ({
  profileId: 1,
  purpose: 'TxDefaultProfile',
  stackLevel: 0,
  unit: 'W',
  periods: [{ startSec: 0, limit: 5000 }],
  startAt: start,
  ...rest,
});
const now = { at: start + 60_000, transactionStartedAt: start, phases: 3 };

describe('the limit in force', () => {
  it('is none without a profile', () => {
    expect(limitW([], now)).toBe(Infinity);
  });

  it('is that of the highest stack level that says something now', () => {
    const expired = profile({ profileId: 2, stackLevel: 9, validTo: start });
    const high = profile({ profileId: 3, stackLevel: 5, periods: [{ startSec: 0, limit: 7000 }] });
    expect(limitW([profile({}), high, expired], now)).toBe(7000);
  });

  it('lets a transaction profile replace the default, even upwards, but not exceed the station', () => {
    const transaction = profile({ profileId: 2, purpose: 'TxProfile', periods: [{ startSec: 0, limit: 9000 }] });
    const station = profile({
      profileId: 3,
      purpose: 'ChargePointMaxProfile',
      periods: [{ startSec: 0, limit: 8000 }],
    });
    expect(limitW([profile({}), transaction], now)).toBe(9000);
    expect(limitW([profile({}), transaction, station], now)).toBe(8000);
  });

  it('counts amperes on every phase', () => {
    expect(limitW([profile({ unit: 'A', periods: [{ startSec: 0, limit: 16 }] })], now)).toBe(16 * 230 * 3);
    expect(limitW([profile({ unit: 'A', periods: [{ startSec: 0, limit: 16, phases: 1 }] })], now)).toBe(16 * 230);
  });

  it('follows its periods, ends with its duration and begins anew when it recurs', () => {
    const periods = [
      { startSec: 0, limit: 1000 },
      { startSec: 600, limit: 2000 },
    ];
    const at = (seconds: number, rest: Partial<ChargingProfile> = {}) =>
      limitW([profile({ periods, durationSec: 900, ...rest })], { ...now, at: start + seconds * 1000 });
    expect([at(-1), at(0), at(599), at(600), at(899), at(900)]).toEqual([Infinity, 1000, 1000, 2000, 2000, Infinity]);
    expect(at(86_400 + 10, { recurring: 'Daily' })).toBe(1000);
  });

  it('starts a relative profile with the transaction', () => {
    const { startAt: _, ...relative } = profile({ periods: [{ startSec: 0, limit: 1000 }], durationSec: 30 });
    expect(limitW([relative], { ...now, at: start + 29_000 })).toBe(1000);
    expect(limitW([relative], { ...now, at: start + 31_000 })).toBe(Infinity);
  });

  it('replaces a profile of the same id, or of the same purpose and stack level', () => {
    const replacement = profile({ profileId: 8, periods: [{ startSec: 0, limit: 1 }] });
    expect(withProfile([profile({})], replacement)).toEqual([replacement]);
    const moved = profile({ stackLevel: 4 });
    expect(withProfile([profile({})], moved)).toEqual([moved]);
  });
});
