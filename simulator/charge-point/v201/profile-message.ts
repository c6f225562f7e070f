import { z } from 'zod';
import type { Profile } from '../charging-profile.ts';

/** An ISO 8601 instant, as ms since the epoch. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A charging profile as OCPP 2.0.1 sends it, reduced to what matters to the meter. */
export const ChargingProfile = z
  .object({
    id: z.number(),
    transactionId: z.string().optional(),
    stackLevel: z.number(),
    chargingProfilePurpose: z.string(),
    recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    chargingSchedule: z
      .array(
        z.object({
          duration: z.number().optional(),
          startSchedule: instant.optional(),
          chargingRateUnit: z.enum(['W', 'A']),
          chargingSchedulePeriod: z.array(
            z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().optional() }),
          ),
        }),
      )
      .min(1),
  })
  .transform((profile, context): Profile => {
    const [schedule] = profile.chargingSchedule;
    if (!schedule) {
      context.addIssue('a profile has at least one schedule');
      return z.NEVER;
    }
    return {
      profileId: profile.id,
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
