import { z } from 'zod';
import type { Controls } from '../controls.ts';
import type { Payload } from '../message-queue.ts';
import { verdict } from '../verdict.ts';
import { CsChargingProfiles } from './profile-message.ts';

/** SetChargingProfile: stored, and obeyed a moment later. */
export const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, csChargingProfiles } = z
    .object({ connectorId: z.number(), csChargingProfiles: CsChargingProfiles })
    .parse(payload);
  return verdict(controls.setProfile(connectorId, csChargingProfiles));
};

/** ClearChargingProfile: every criterion that is given must match. */
export const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const wanted = z
    .object({
      id: z.number().optional(),
      connectorId: z.number().optional(),
      chargingProfilePurpose: z.string().optional(),
      stackLevel: z.number().optional(),
    })
    .parse(payload);
  const cleared = controls.clearProfiles(
    (profile, plug) =>
      (wanted.id === undefined || wanted.id === profile.profileId) &&
      (wanted.connectorId === undefined || wanted.connectorId === 0 || wanted.connectorId === plug.connectorId) &&
      (wanted.chargingProfilePurpose === undefined || wanted.chargingProfilePurpose === profile.purpose) &&
      (wanted.stackLevel === undefined || wanted.stackLevel === profile.stackLevel),
  );
  return verdict(cleared > 0, 'Unknown');
};

/** GetCompositeSchedule: what is offered now, as one period. */
export const getCompositeSchedule = (payload: Payload, { plugs, offerW }: Controls): Payload => {
  const { connectorId, duration } = z.object({ connectorId: z.number(), duration: z.number() }).parse(payload);
  const wanted = plugs.filter((plug) => connectorId === 0 || plug.connectorId === connectorId);
  if (wanted.length === 0) return { status: 'Rejected' };
  const limit = Number(wanted.reduce((sum, plug) => sum + offerW(plug), 0).toFixed(1));
  return {
    status: 'Accepted',
    connectorId,
    scheduleStart: new Date().toISOString(),
    chargingSchedule: { duration, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  };
};
