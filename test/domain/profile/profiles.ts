import fc from 'fast-check';
import type {
  ChargingProfile,
  ChargingRate,
  ChargingSchedule,
  PhaseCount,
  SchedulePeriod,
} from '../../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';

/** Profiles as they may be sent, for properties: ids, places and rules in order, rates in one unit and steps of 0.1. */

const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const schedulesIn = (unit: 'W' | 'A'): fc.Arbitrary<ChargingSchedule> => {
  const rates = fc
    .integer({ min: 0, max: 4_000_000 })
    .map((tenths): ChargingRate => (unit === 'W' ? { limitW: tenths / 10 } : { limitA: tenths / 10 }));
  const periods = fc
    .uniqueArray(fc.integer({ min: 1, max: 86_400 }), { maxLength: 5 })
    .chain((later) =>
      fc.tuple(
        ...[0, ...later.sort((a, b) => a - b)].map((startSec) =>
          fc
            .record({ rate: rates, phases: optional(fc.constantFrom<PhaseCount>(1, 2, 3)) })
            .map(({ rate, phases }): SchedulePeriod => ({ startSec, ...rate, ...omitUndefined({ phases }) })),
        ),
      ),
    );
  const start = fc.oneof(
    fc.constant({ kind: 'relative' as const }),
    instants.map((startAt) => ({ kind: 'absolute' as const, startAt })),
    fc.record({
      kind: fc.constant('recurring' as const),
      every: fc.constantFrom('day' as const, 'week' as const),
      startAt: instants,
    }),
  );
  return fc
    .record({ start, periods, durationSec: optional(fc.integer({ min: 1, max: 604_800 })), minRate: optional(rates) })
    .map(({ start: when, ...rest }): ChargingSchedule => ({ ...when, ...omitUndefined(rest) }));
};

export const anyProfile: fc.Arbitrary<ChargingProfile> = fc
  .record({
    purpose: fc.constantFrom('station-max' as const, 'tx-default' as const, 'tx' as const),
    evseId: fc.integer({ min: 1, max: 40 }),
    stackLevel: fc.nat(20),
    profileId: fc.nat(2_147_483_647),
    transactionId: fc.nat(2_147_483_647).map(String),
    validFrom: optional(instants),
    validTo: optional(instants),
    schedule: fc.constantFrom('W' as const, 'A' as const).chain(schedulesIn),
  })
  .map(({ transactionId, ...profile }) =>
    omitUndefined({
      ...profile,
      ...(profile.purpose === 'station-max' && { evseId: 0 }),
      ...(profile.purpose === 'tx' && { transactionId }),
    }),
  );
