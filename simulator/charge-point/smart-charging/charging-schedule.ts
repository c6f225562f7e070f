import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import type { ChargingProfile, ProfilePurpose } from './charging-profile.ts';

/** An ISO 8601 instant, as ms since the epoch. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const purposes: Readonly<Record<string, ProfilePurpose>> = {
  ChargePointMaxProfile: 'station-maximum',
  ChargingStationMaxProfile: 'station-maximum',
  TxDefaultProfile: 'default',
  TxProfile: 'transaction',
  ChargingStationExternalConstraints: 'external-constraints',
};

/** A purpose in the words of either version. */
export const purpose = z.string().transform((word, context): ProfilePurpose => {
  const meant = purposes[word];
  if (meant !== undefined) return meant;
  context.addIssue(`No purpose of a charging profile: ${word}`);
  return z.NEVER;
});

/** What the messages of OCPP 1.6 and 2.0.1 call by the same name in a charging profile. */
export const profileFields = {
  stackLevel: z.number(),
  chargingProfilePurpose: purpose,
  chargingProfileKind: z.enum(['Absolute', 'Recurring', 'Relative']),
  recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
  validFrom: instant.optional(),
  validTo: instant.optional(),
};

/** A charging schedule, the same in both versions. Durations and starts of periods are seconds. */
export const ChargingSchedule = z.object({
  duration: z.number().optional(),
  startSchedule: instant.optional(),
  chargingRateUnit: z.enum(['W', 'A']),
  chargingSchedulePeriod: z
    .array(
      z.object({
        startPeriod: z.number(),
        limit: z.number(),
        numberPhases: z.number().optional(),
        phaseToUse: z.number().optional(),
      }),
    )
    .min(1),
});

const ProfileFields = z.object(profileFields);

/** A profile as a message of either version has it, reduced to what matters to a charger. */
export const profileOf = (
  ids: { readonly profileId: number; readonly transactionId: string | number | undefined },
  fields: z.infer<typeof ProfileFields>,
  schedule: z.infer<typeof ChargingSchedule>,
  asSent: Payload,
): ChargingProfile => ({
  profileId: ids.profileId,
  purpose: fields.chargingProfilePurpose,
  kind: fields.chargingProfileKind,
  stackLevel: fields.stackLevel,
  unit: schedule.chargingRateUnit,
  periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases, phaseToUse }) => ({
    startSec: startPeriod,
    limit,
    ...omitUndefined({ phases: numberPhases, phaseToUse }),
  })),
  asSent,
  ...omitUndefined({
    startAt: schedule.startSchedule,
    recurring: fields.recurrencyKind,
    durationSec: schedule.duration,
    validFrom: fields.validFrom,
    validTo: fields.validTo,
    transactionId: ids.transactionId,
  }),
});
