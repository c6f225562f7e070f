import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import type { ChargingProfile } from '../smart-charging/charging-profile.ts';
import { ChargingSchedule, profileFields, profileOf } from '../smart-charging/charging-schedule.ts';

/** A charging profile as OCPP 1.6 sends it. */
export const CsChargingProfiles = z
  .object({
    ...profileFields,
    chargingProfileId: z.number(),
    transactionId: z.number().optional(),
    chargingSchedule: ChargingSchedule,
  })
  .transform(
    ({ chargingProfileId, transactionId, ...profile }): ChargingProfile =>
      profileOf({ profileId: chargingProfileId, transactionId }, profile, profile.chargingSchedule),
  );

/** Stored, and obeyed a moment later. */
const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, csChargingProfiles } = z
    .object({ connectorId: z.number(), csChargingProfiles: CsChargingProfiles })
    .parse(payload);
  return statusAnswer(controls.setProfile(connectorId, csChargingProfiles));
};

/** Every criterion that is given must match. */
const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = z
    .object({
      id: z.number().optional(),
      connectorId: z.number().optional(),
      chargingProfilePurpose: z.string().optional(),
      stackLevel: z.number().optional(),
    })
    .parse(payload);
  const wanted = { profileId: id, evseId: connectorId, purpose: chargingProfilePurpose, stackLevel };
  return statusAnswer(controls.clearProfiles(wanted) > 0, 'Unknown');
};

/** What is offered now, as one period. */
const getCompositeSchedule = (payload: Payload, { offeredW, now }: Controls): Payload => {
  const { connectorId, duration } = z.object({ connectorId: z.number(), duration: z.number() }).parse(payload);
  const limit = offeredW(connectorId);
  if (limit === undefined) return { status: 'Rejected' };
  return {
    status: 'Accepted',
    connectorId,
    scheduleStart: new Date(now()).toISOString(),
    chargingSchedule: { duration, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  };
};

/** The smart-charging commands of OCPP 1.6. */
export const smartChargingV16: Commands = {
  ClearChargingProfile: clearChargingProfile,
  GetCompositeSchedule: getCompositeSchedule,
  SetChargingProfile: setChargingProfile,
};
