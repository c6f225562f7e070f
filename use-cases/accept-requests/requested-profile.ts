import * as z from 'zod';
import {
  type ChargingRate,
  MOST_PERIODS,
  type ProfilePurpose,
  type ProfileSelector,
  profilePurposes,
  type ScheduleStart,
} from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { AskedProfile } from '../send-command/set-charging-profile.ts';

/** An instant with its zone, as ms since the epoch. */
export const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const rate = { limitW: z.number().min(0).optional(), limitA: z.number().min(0).optional() };
type Rate = { readonly limitW?: number | undefined; readonly limitA?: number | undefined };
const isOneOf = ({ limitW, limitA }: Rate): boolean => (limitW === undefined) !== (limitA === undefined);
const eitherUnit = { error: 'Either limitW or limitA' };
const rateOf = ({ limitW, limitA = 0 }: Rate): ChargingRate => (limitW === undefined ? { limitA } : { limitW });

const Phase = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const Period = z
  .object({ startSec: z.int().min(0), phases: Phase.optional(), phaseToUse: Phase.optional(), ...rate })
  .refine(isOneOf, eitherUnit)
  .transform(({ startSec, phases, phaseToUse, ...told }) => ({
    startSec,
    ...rateOf(told),
    ...omitUndefined({ phases, phaseToUse }),
  }));
const content = {
  periods: z.array(Period).min(1).max(MOST_PERIODS),
  durationSec: z.int().min(1).optional(),
  minRate: z.object(rate).refine(isOneOf, eitherUnit).transform(rateOf).optional(),
};
const Schedule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('absolute'), startAt: Instant, ...content }),
  z.object({ kind: z.literal('recurring'), startAt: Instant, every: z.enum(['day', 'week']), ...content }),
  z.object({ kind: z.literal('relative'), ...content }),
]);

/**
 * Above the default profile of a controlled site, which has level 0. A maximum of the station gets the level of what operators
 * set: on this one it would take the place of a cap of demand response, and be taken away with it.
 */
const USUAL_LEVEL = 1;
const levelOf = (purpose: ProfilePurpose): number | undefined => (purpose === 'station-max' ? undefined : USUAL_LEVEL);

/** A limit as it is asked for over the bus: the `profile` of SetpointChanged without its id. */
export const RequestedProfile = z
  .object({
    purpose: z.enum(profilePurposes),
    evseId: z.int().min(0),
    stackLevel: z.int().min(0).optional(),
    transactionId: z.string().min(1).max(36).optional(),
    validFrom: Instant.optional(),
    validTo: Instant.optional(),
    schedule: Schedule,
  })
  .transform(({ schedule, stackLevel, transactionId, validFrom, validTo, ...place }): AskedProfile => {
    const { periods, durationSec, minRate, ...when } = schedule;
    const start: ScheduleStart = when;
    return {
      ...place,
      ...omitUndefined({ stackLevel: stackLevel ?? levelOf(place.purpose), transactionId, validFrom, validTo }),
      schedule: { ...start, periods, ...omitUndefined({ durationSec, minRate }) },
    };
  });

/** Which limits are to be taken away. */
export const RequestedClear = z
  .object({
    profileId: z.int().optional(),
    evseId: z.int().min(0).optional(),
    purpose: z.enum(profilePurposes).optional(),
    stackLevel: z.int().min(0).optional(),
  })
  .transform((selector): ProfileSelector => omitUndefined(selector));
