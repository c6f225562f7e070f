import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import type { ChargingProfile } from '../smart-charging/charging-profile.ts';
import { ChargingSchedule, profileFields, profileOf } from '../smart-charging/charging-schedule.ts';

/** A charging profile as OCPP 2.0.1 sends it. Of several schedules (ISO 15118) the first counts. */
export const ChargingProfileMessage = z
  .object({
    ...profileFields,
    id: z.number(),
    transactionId: z.string().optional(),
    chargingSchedule: z.tuple([ChargingSchedule], ChargingSchedule),
  })
  .transform(
    ({ id, transactionId, ...profile }): ChargingProfile =>
      profileOf({ profileId: id, transactionId }, profile, profile.chargingSchedule[0]),
  );

/** Stored, and obeyed a moment later. */
const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { evseId, chargingProfile } = z
    .object({ evseId: z.number(), chargingProfile: ChargingProfileMessage })
    .parse(payload);
  return statusAnswer(controls.setProfile(evseId, chargingProfile));
};

/** Every criterion that is given must match. */
const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { chargingProfileId, chargingProfileCriteria: criteria = {} } = z
    .object({
      chargingProfileId: z.number().optional(),
      chargingProfileCriteria: z
        .object({
          evseId: z.number().optional(),
          chargingProfilePurpose: z.string().optional(),
          stackLevel: z.number().optional(),
        })
        .optional(),
    })
    .parse(payload);
  const { evseId, chargingProfilePurpose, stackLevel } = criteria;
  const wanted = { profileId: chargingProfileId, evseId, purpose: chargingProfilePurpose, stackLevel };
  return statusAnswer(controls.clearProfiles(wanted) > 0, 'Unknown');
};

/** What is offered now, as one period. */
const getCompositeSchedule = (payload: Payload, { offeredW, now }: Controls): Payload => {
  const { evseId, duration } = z.object({ evseId: z.number(), duration: z.number() }).parse(payload);
  const limit = offeredW(evseId);
  if (limit === undefined) return { status: 'Rejected' };
  return {
    status: 'Accepted',
    schedule: {
      evseId,
      duration,
      scheduleStart: new Date(now()).toISOString(),
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
  };
};

/** The smart-charging commands of OCPP 2.0.1. */
export const smartChargingV201: Commands = {
  ClearChargingProfile: clearChargingProfile,
  GetCompositeSchedule: getCompositeSchedule,
  SetChargingProfile: setChargingProfile,
};
