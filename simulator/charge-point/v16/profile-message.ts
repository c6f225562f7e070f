import { z } from 'zod';
import type { Profile } from '../charging-profile.ts';

/** An ISO 8601 instant, as ms since the epoch. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A charging profile as OCPP 1.6 sends it, reduced to what matters to the meter. */
export const CsChargingProfiles = z
  .object({
    chargingProfileId: z.number(),
    transactionId: z.number().optional(),
    stackLevel: z.number(),
    chargingProfilePurpose: z.string(),
    recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    chargingSchedule: z.object({
      duration: z.number().optional(),
      startSchedule: instant.optional(),
      chargingRateUnit: z.enum(['W', 'A']),
      chargingSchedulePeriod: z.array(
        z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().optional() }),
      ),
    }),
  })
  .transform((profile): Profile => {
    const { chargingSchedule: schedule } = profile;
    return {
      profileId: profile.chargingProfileId,
      purpose: profile.chargingProfilePurpose,
      stackLevel: profile.stackLevel,
      unit: schedule.chargingRateUnit,
      periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({
        startSec: startPeriod,
        limit,
        ...(numberPhases === undefined ? {} : { phases: numberPhases }),
      })),
      ...(schedule.startSchedule === undefined ? {} : { startAt: schedule.startSchedule }),
      ...(profile.recurrencyKind === undefined ? {} : { recurring: profile.recurrencyKind }),
      ...(schedule.duration === undefined ? {} : { durationSec: schedule.duration }),
      ...(profile.validFrom === undefined ? {} : { validFrom: profile.validFrom }),
      ...(profile.validTo === undefined ? {} : { validTo: profile.validTo }),
      ...(profile.transactionId === undefined ? {} : { transactionId: profile.transactionId }),
    };
  });
