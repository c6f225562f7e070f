import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import type { ChargingProfile } from '../smart-charging/charging-profile.ts';
import { ChargingSchedule, profileFields, profileOf, purpose } from '../smart-charging/charging-schedule.ts';
import type { InstalledProfile } from '../smart-charging/installed-profile.ts';

const Profile = z.object({
  ...profileFields,
  id: z.number(),
  transactionId: z.string().optional(),
  chargingSchedule: z.tuple([ChargingSchedule], ChargingSchedule),
});

/** A charging profile as OCPP 2.0.1 sends it. Of several schedules (ISO 15118) the first counts. */
export const ChargingProfileMessage = z.record(z.string(), z.unknown()).transform((asSent): ChargingProfile => {
  const { id, transactionId, chargingSchedule, ...profile } = Profile.parse(asSent);
  return profileOf({ profileId: id, transactionId }, profile, chargingSchedule[0], asSent);
});

/** Stored, and obeyed a moment later. */
const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { evseId, chargingProfile } = z
    .object({ evseId: z.number(), chargingProfile: ChargingProfileMessage })
    .parse(payload);
  const reasonCode = controls.setProfile(evseId, chargingProfile);
  return reasonCode === undefined ? { status: 'Accepted' } : { status: 'Rejected', statusInfo: { reasonCode } };
};

/** Every criterion that is given must match. */
const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { chargingProfileId, chargingProfileCriteria: criteria = {} } = z
    .object({
      chargingProfileId: z.number().optional(),
      chargingProfileCriteria: z
        .object({
          evseId: z.number().optional(),
          chargingProfilePurpose: purpose.optional(),
          stackLevel: z.number().optional(),
        })
        .optional(),
    })
    .parse(payload);
  const { evseId, chargingProfilePurpose, stackLevel } = criteria;
  const profileIds = chargingProfileId === undefined ? undefined : [chargingProfileId];
  const wanted = { profileIds, evseId, purpose: chargingProfilePurpose, stackLevel };
  return statusAnswer(controls.clearProfiles(wanted) > 0, 'Unknown');
};

/** What will be offered, one period per change. */
const getCompositeSchedule = (payload: Payload, { compositeSchedule, now }: Controls): Payload => {
  const { evseId, duration, chargingRateUnit } = z
    .object({ evseId: z.number(), duration: z.number(), chargingRateUnit: z.enum(['W', 'A']).default('W') })
    .parse(payload);
  const chargingSchedulePeriod = compositeSchedule(evseId, duration, chargingRateUnit);
  if (chargingSchedulePeriod === undefined) return { status: 'Rejected', statusInfo: { reasonCode: 'UnknownEvse' } };
  const scheduleStart = new Date(now()).toISOString();
  return {
    status: 'Accepted',
    schedule: { evseId, duration, scheduleStart, chargingRateUnit, chargingSchedulePeriod },
  };
};

/** The profiles of one EVSE in one message; `tbc` says that more follow. */
const reports = (requestId: number, found: readonly InstalledProfile[]): Payload[] => {
  const byEvse = Map.groupBy(found, ({ evseId }) => evseId);
  return [...byEvse].map(([evseId, profiles], index) => ({
    requestId,
    chargingLimitSource: 'CSO',
    evseId,
    chargingProfile: profiles.map(({ profile }) => profile.asSent),
    tbc: index < byEvse.size - 1,
  }));
};

/** Answers how many there are; the profiles themselves follow in ReportChargingProfiles. */
const getChargingProfiles = (payload: Payload, controls: Controls): Payload => {
  const { requestId, evseId, chargingProfile } = z
    .object({
      requestId: z.number(),
      evseId: z.number().optional(),
      chargingProfile: z.object({
        chargingProfilePurpose: purpose.optional(),
        stackLevel: z.number().optional(),
        chargingProfileId: z.array(z.number()).optional(),
        chargingLimitSource: z.array(z.string()).optional(),
      }),
    })
    .parse(payload);
  const { chargingProfilePurpose, stackLevel, chargingProfileId, chargingLimitSource = ['CSO'] } = chargingProfile;
  const wanted = { profileIds: chargingProfileId, evseId, purpose: chargingProfilePurpose, stackLevel };
  // All that are installed came from the CSMS.
  const found = chargingLimitSource.includes('CSO') ? controls.profiles(wanted) : [];
  controls.tellSoon(
    reports(requestId, found).map((report) => ({ action: 'ReportChargingProfiles', payload: () => report })),
  );
  return statusAnswer(found.length > 0, 'NoProfiles');
};

/** The smart-charging commands of OCPP 2.0.1. */
export const smartChargingV201: Commands = {
  ClearChargingProfile: { answer: clearChargingProfile },
  GetChargingProfiles: { answer: getChargingProfiles },
  GetCompositeSchedule: command(getCompositeSchedule),
  SetChargingProfile: command(setChargingProfile),
};
