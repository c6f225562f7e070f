import { z } from 'zod';
import type { Controls } from '../controls.ts';
import type { Payload } from '../message-queue.ts';
import { verdict } from '../verdict.ts';
import { ChargingProfile } from './profile-message.ts';

/** SetChargingProfile: stored, and obeyed a moment later. */
export const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { evseId, chargingProfile } = z.object({ evseId: z.number(), chargingProfile: ChargingProfile }).parse(payload);
  return verdict(controls.setProfile(evseId, chargingProfile));
};

/** ClearChargingProfile: every criterion that is given must match. */
export const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
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
  const cleared = controls.clearProfiles(
    (profile, plug) =>
      (chargingProfileId === undefined || chargingProfileId === profile.profileId) &&
      (criteria.evseId === undefined || criteria.evseId === 0 || criteria.evseId === plug.evseId) &&
      (criteria.chargingProfilePurpose === undefined || criteria.chargingProfilePurpose === profile.purpose) &&
      (criteria.stackLevel === undefined || criteria.stackLevel === profile.stackLevel),
  );
  return verdict(cleared > 0, 'Unknown');
};

/** GetCompositeSchedule: what is offered now, as one period. */
export const getCompositeSchedule = (payload: Payload, { plugs, offerW }: Controls): Payload => {
  const { evseId, duration } = z.object({ evseId: z.number(), duration: z.number() }).parse(payload);
  const wanted = plugs.filter((plug) => evseId === 0 || plug.evseId === evseId);
  if (wanted.length === 0) return { status: 'Rejected' };
  const limit = Number(wanted.reduce((sum, plug) => sum + offerW(plug), 0).toFixed(1));
  return {
    status: 'Accepted',
    schedule: {
      evseId,
      duration,
      scheduleStart: new Date().toISOString(),
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
  };
};
