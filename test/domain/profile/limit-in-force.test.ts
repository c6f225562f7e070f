import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargingProfile, ChargingSchedule } from '../../../domain/kernel/charging-profile.ts';
import type { Supply } from '../../../domain/profile/charging-rate.ts';
import { type LimitContext, limitAt, nextChangeAfter } from '../../../domain/profile/limit-in-force.ts';

const DAY_SEC = 86_400;
const supply: Supply = { current: 'AC', voltageV: 230, phases: 3 };
const t0 = Date.UTC(2026, 0, 5);
const atSec = (second: number): number => t0 + second * 1000;

const always = (limitW: number, fields: Partial<ChargingProfile> = {}): ChargingProfile => ({
  purpose: 'tx-default',
  evseId: 1,
  stackLevel: 0,
  profileId: 1,
  schedule: { kind: 'absolute', startAt: t0, periods: [{ startSec: 0, limitW }] },
  ...fields,
});
const here: LimitContext = { evseId: 1, supply };
const charging: LimitContext = { ...here, transaction: { transactionId: 'tx-1', startedAt: atSec(100) } };
const limitW = (profiles: readonly ChargingProfile[], context: LimitContext, at: number) =>
  limitAt(profiles, context, at)?.limitW;

describe('the limit in force', () => {
  it('is none without a profile', () => {
    expect(limitAt([], charging, t0)).toBeUndefined();
  });

  it('is that of the highest stack level within a purpose', () => {
    expect(limitW([always(7_000), always(9_000, { stackLevel: 2 }), always(8_000, { stackLevel: 1 })], here, t0)).toBe(
      9_000,
    );
  });

  it('is that of the transaction, be it higher or lower than the default', () => {
    const own = always(20_000, { purpose: 'tx', transactionId: 'tx-1' });
    expect(limitW([always(7_000, { stackLevel: 9 }), own], charging, atSec(200))).toBe(20_000);
  });

  it('ignores the profile of another transaction, and every one of a transaction while there is none', () => {
    const other = always(1_000, { purpose: 'tx', transactionId: 'tx-2' });
    const any = always(2_000, { purpose: 'tx' });
    expect(limitW([always(7_000), other], charging, atSec(200))).toBe(7_000);
    expect(limitW([always(7_000), any], charging, atSec(200))).toBe(2_000);
    expect(limitW([always(7_000), any], here, atSec(200))).toBe(7_000);
  });

  it('is never above the maximum of the station', () => {
    const station = always(5_000, { purpose: 'station-max', evseId: 0 });
    expect(limitAt([always(7_000), station], here, t0)).toEqual({ limitW: 5_000, profile: station });
    expect(limitW([always(3_000), station], here, t0)).toBe(3_000);
  });

  it('is the default of the EVSE before the one for all EVSEs, at the same stack level', () => {
    expect(limitW([always(7_000, { evseId: 0 }), always(9_000)], here, t0)).toBe(9_000);
    expect(limitW([always(9_000), always(7_000, { evseId: 0 })], here, t0)).toBe(9_000);
    expect(limitW([always(7_000, { evseId: 2 })], here, t0)).toBeUndefined();
  });

  it('falls back to the next stack level when a schedule is over or not valid', () => {
    const brief = always(1_000, {
      stackLevel: 1,
      schedule: { kind: 'absolute', startAt: t0, durationSec: 60, periods: [{ startSec: 0, limitW: 1_000 }] },
    });
    const past = always(500, { stackLevel: 2, validTo: atSec(30) });
    const seen = [29, 30, 59, 60].map((second) => limitW([always(7_000), brief, past], here, atSec(second)));
    expect(seen).toEqual([500, 1_000, 1_000, 7_000]);
  });

  it('begins a relative schedule with the transaction, and shows its first period while there is none', () => {
    const periods = [
      { startSec: 0, limitW: 4_000 },
      { startSec: 60, limitW: 8_000 },
    ];
    const relative = always(0, { schedule: { kind: 'relative', periods } });
    expect(limitW([relative], charging, atSec(159))).toBe(4_000);
    expect(limitW([relative], charging, atSec(160))).toBe(8_000);
    expect(limitW([relative], here, atSec(9_999))).toBe(4_000);
    expect(nextChangeAfter([relative], charging, atSec(120))).toBe(atSec(160));
    expect(nextChangeAfter([relative], here, atSec(120))).toBeUndefined();
  });

  it('reads amperes per phase, of no more phases than the EVSE has', () => {
    const of = (phases?: 1 | 2 | 3) =>
      always(0, {
        schedule: { kind: 'absolute', startAt: t0, periods: [{ startSec: 0, limitA: 16, ...(phases && { phases }) }] },
      });
    expect(limitW([of()], here, t0)).toBe(16 * 230 * 3);
    expect(limitW([of(1)], here, t0)).toBe(16 * 230);
    expect(limitW([of()], { ...here, supply: { ...supply, phases: 1 } }, t0)).toBe(16 * 230);
  });
});

/** Seconds from the start of a schedule during which a period of it holds, told one second at a time. */
const slowPeriodW = (schedule: ChargingSchedule, sinceStart: number): number | undefined => {
  const { durationSec, periods } = schedule;
  let found: number | undefined;
  for (let second = 0; second <= sinceStart; second++) {
    for (const period of periods) if (period.startSec === second) found = period.limitW;
    if (durationSec !== undefined && second >= durationSec) found = undefined;
  }
  return found;
};

/** The obvious reading of a profile: walk from the beginning of time to the second asked about. */
const slowProfileW = (profile: ChargingProfile, context: LimitContext, second: number): number | undefined => {
  const { schedule, validFrom, validTo } = profile;
  if (validFrom !== undefined && atSec(second) < validFrom) return undefined;
  if (validTo !== undefined && atSec(second) >= validTo) return undefined;
  const startAt = schedule.kind === 'relative' ? (context.transaction?.startedAt ?? atSec(second)) : schedule.startAt;
  let start = (startAt - t0) / 1000;
  const every = schedule.kind === 'recurring' ? (schedule.every === 'day' ? DAY_SEC : 7 * DAY_SEC) : undefined;
  while (every !== undefined && start + every <= second) start += every;
  if (schedule.kind === 'relative' && start > second) start = second;
  return second < start ? undefined : slowPeriodW(schedule, second - start);
};

const slowLimitW = (
  profiles: readonly ChargingProfile[],
  context: LimitContext,
  second: number,
): number | undefined => {
  const best = (purpose: string): number | undefined => {
    for (let level = 3; level >= 0; level--)
      for (const evseId of [context.evseId, 0])
        for (const profile of profiles) {
          if (profile.purpose !== purpose || profile.stackLevel !== level || profile.evseId !== evseId) continue;
          const { transactionId } = profile;
          const tx = context.transaction?.transactionId;
          if (purpose === 'tx' && (tx === undefined || (transactionId !== undefined && transactionId !== tx))) continue;
          const found = slowProfileW(profile, context, second);
          if (found !== undefined) return found;
        }
    return undefined;
  };
  const own = best('tx') ?? best('tx-default');
  const most = best('station-max');
  return own === undefined ? most : most === undefined ? own : Math.min(own, most);
};

const seconds = fc.integer({ min: 0, max: 400 });
const periods = fc
  .uniqueArray(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 4 })
  .chain((starts) =>
    fc.tuple(
      ...starts
        .sort((a, b) => a - b)
        .map((startSec) => fc.integer({ min: 0, max: 5 }).map((kW) => ({ startSec, limitW: kW * 1_000 }))),
    ),
  );
const schedules: fc.Arbitrary<ChargingSchedule> = fc
  .tuple(
    periods,
    fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
    fc.oneof(
      seconds.map((second) => ({ kind: 'absolute' as const, startAt: atSec(second) })),
      fc.constant({ kind: 'relative' as const }),
      fc
        .record({ every: fc.constantFrom('day' as const, 'week' as const), second: seconds, days: fc.nat(9) })
        .map(({ every, second, days }) => ({
          kind: 'recurring' as const,
          every,
          startAt: atSec(second - days * DAY_SEC),
        })),
    ),
  )
  .map(([list, durationSec, start]) => ({
    ...start,
    periods: list,
    ...(durationSec === undefined ? {} : { durationSec }),
  }));
const profiles: fc.Arbitrary<readonly ChargingProfile[]> = fc
  .array(
    fc
      .record({
        purpose: fc.constantFrom('tx' as const, 'tx-default' as const, 'station-max' as const),
        stackLevel: fc.nat(3),
        onAll: fc.boolean(),
        transactionId: fc.constantFrom(undefined, 'tx-1', 'tx-2'),
        validFrom: fc.option(seconds.map(atSec), { nil: undefined }),
        validTo: fc.option(seconds.map(atSec), { nil: undefined }),
        schedule: schedules,
      })
      .map(
        ({ onAll, purpose, transactionId, validFrom, validTo, ...rest }): ChargingProfile => ({
          ...rest,
          purpose,
          evseId: purpose === 'station-max' || (purpose === 'tx-default' && onAll) ? 0 : 1,
          profileId: 1,
          ...(purpose === 'tx' && transactionId !== undefined ? { transactionId } : {}),
          ...(validFrom === undefined ? {} : { validFrom }),
          ...(validTo === undefined ? {} : { validTo }),
        }),
      ),
    { maxLength: 6 },
  )
  // A charger keeps one profile per place, purpose, level and transaction.
  .map((all) => [
    ...new Map(
      all.map((profile) => [
        `${profile.purpose}/${profile.evseId}/${profile.stackLevel}/${profile.purpose === 'tx'}`,
        profile,
      ]),
    ).values(),
  ]);
const contexts = fc.constantFrom<LimitContext>(here, charging);

describe('against a reading of every second', () => {
  it('finds the same limit at every instant', () => {
    fc.assert(
      fc.property(profiles, contexts, fc.integer({ min: 0, max: 600 }), (installed, context, second) => {
        expect(limitW(installed, context, atSec(second))).toBe(slowLimitW(installed, context, second));
      }),
      { numRuns: 3_000 },
    );
  });

  it('names as next change the first instant at which another limit or another profile holds', () => {
    fc.assert(
      fc.property(profiles, contexts, fc.integer({ min: 0, max: 400 }), (installed, context, second) => {
        const now = limitW(installed, context, atSec(second));
        const next = nextChangeAfter(installed, context, atSec(second));
        const until = next === undefined ? second + 300 : Math.min((next - t0) / 1000, second + 300);
        for (let later = second; later < until; later++)
          expect(limitW(installed, context, atSec(later)), `at ${later}`).toBe(now);
        // Profiles that recur for ever without changing anything are not followed for ever.
        if (next !== undefined && next - atSec(second) < 30 * DAY_SEC * 1000) {
          const [before, after] = [limitAt(installed, context, next - 1), limitAt(installed, context, next)];
          expect(before?.limitW !== after?.limitW || before?.profile !== after?.profile).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
