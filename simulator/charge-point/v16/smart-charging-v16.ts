import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import type { ChargingProfile } from '../smart-charging/charging-profile.ts';
import { ChargingSchedule, profileFields, profileOf, purpose } from '../smart-charging/charging-schedule.ts';

const Profile = z.object({
  ...profileFields,
  chargingProfileId: z.number(),
  transactionId: z.number().optional(),
  chargingSchedule: ChargingSchedule,
});

/** A charging profile as OCPP 1.6 sends it. */
export const CsChargingProfiles = z.record(z.string(), z.unknown()).transform((asSent): ChargingProfile => {
  const { chargingProfileId, transactionId, chargingSchedule, ...profile } = Profile.parse(asSent);
  return profileOf({ profileId: chargingProfileId, transactionId }, profile, chargingSchedule, asSent);
});

/** Stored, and obeyed a moment later. */
const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, csChargingProfiles } = z
    .object({ connectorId: z.number(), csChargingProfiles: CsChargingProfiles })
    .parse(payload);
  const refusal = controls.setProfile(connectorId, csChargingProfiles);
  return statusAnswer(refusal === undefined, refusal === 'UnsupportedParam' ? 'NotSupported' : 'Rejected');
};

/** Every criterion that is given must match. */
const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = z
    .object({
      id: z.number().optional(),
      connectorId: z.number().optional(),
      chargingProfilePurpose: purpose.optional(),
      stackLevel: z.number().optional(),
    })
    .parse(payload);
  const profileIds = id === undefined ? undefined : [id];
  const wanted = { profileIds, evseId: connectorId, purpose: chargingProfilePurpose, stackLevel };
  return statusAnswer(controls.clearProfiles(wanted) > 0, 'Unknown');
};

/** What will be offered, one period per change. */
const getCompositeSchedule = (payload: Payload, { compositeSchedule, now }: Controls): Payload => {
  const { connectorId, duration, chargingRateUnit } = z
    .object({ connectorId: z.number(), duration: z.number(), chargingRateUnit: z.enum(['W', 'A']).default('W') })
    .parse(payload);
  const chargingSchedulePeriod = compositeSchedule(connectorId, duration, chargingRateUnit);
  if (chargingSchedulePeriod === undefined) return { status: 'Rejected' };
  return {
    status: 'Accepted',
    connectorId,
    scheduleStart: new Date(now()).toISOString(),
    chargingSchedule: { duration, chargingRateUnit, chargingSchedulePeriod },
  };
};

/** The smart-charging commands of OCPP 1.6. */
export const smartChargingV16: Commands = {
  ClearChargingProfile: { answer: clearChargingProfile },
  GetCompositeSchedule: command(getCompositeSchedule),
  SetChargingProfile: command(setChargingProfile),
};
