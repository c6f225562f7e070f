import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { ChargingProfile } from './charging-profile.ts';

/** An ISO 8601 instant, as ms since the epoch. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** What the messages of OCPP 1.6 and 2.0.1 call by the same name in a charging profile. */
export const profileFields = {
  stackLevel: z.number(),
  chargingProfilePurpose: z.string(),
  recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
  validFrom: instant.optional(),
  validTo: instant.optional(),
};

/** A charging schedule, the same in both versions. Durations and starts of periods are seconds. */
export const ChargingSchedule = z.object({
  duration: z.number().optional(),
  startSchedule: instant.optional(),
  chargingRateUnit: z.enum(['W', 'A']),
  chargingSchedulePeriod: z.array(
    z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().optional() }),
  ),
});

const ProfileFields = z.object(profileFields);

/** A profile as a message of either version has it, reduced to what matters to the meter. */
export const profileOf = (
  ids: { readonly profileId: number; readonly transactionId: string | number | undefined },
  fields: z.infer<typeof ProfileFields>,
  schedule: z.infer<typeof ChargingSchedule>,
): ChargingProfile => ({
  profileId: ids.profileId,
  purpose: fields.chargingProfilePurpose,
  stackLevel: fields.stackLevel,
  unit: schedule.chargingRateUnit,
  periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({
    startSec: startPeriod,
    limit,
    ...omitUndefined({ phases: numberPhases }),
  })),
  ...omitUndefined({
    startAt: schedule.startSchedule,
    recurring: fields.recurrencyKind,
    durationSec: schedule.duration,
    validFrom: fields.validFrom,
    validTo: fields.validTo,
    transactionId: ids.transactionId,
  }),
});
