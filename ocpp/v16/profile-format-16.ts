import type { ChargingProfile } from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { integerAt, objectAt } from '../payload.ts';
import { type ProfileFormat, UnwritableProfile } from '../profile-format.ts';
import { type PurposeNames, readCriteria, readProfile } from '../shared/read-profile.ts';
import { readSchedule } from '../shared/read-schedule.ts';
import { writeCommon, writeSchedule } from '../shared/write-schedule.ts';

const purposes: PurposeNames = {
  'station-max': 'ChargePointMaxProfile',
  'tx-default': 'TxDefaultProfile',
  tx: 'TxProfile',
};

const transactionOf = ({ transactionId }: ChargingProfile): number | undefined => {
  if (transactionId === undefined) return undefined;
  const id = Number(transactionId);
  if (!Number.isInteger(id)) throw new UnwritableProfile(`OCPP 1.6 has no transaction ${transactionId}`);
  return id;
};

/** Charging profiles of OCPP 1.6 (7.7, 7.13): connector N is EVSE N, one schedule, transactions are numbers. */
export const profileFormat16: ProfileFormat = {
  set: (profile) => {
    if (profile.schedule.periods.some(({ phaseToUse }) => phaseToUse !== undefined))
      throw new UnwritableProfile('OCPP 1.6 cannot name the phase to use');
    return {
      connectorId: profile.evseId,
      csChargingProfiles: {
        chargingProfileId: profile.profileId,
        ...omitUndefined({ transactionId: transactionOf(profile) }),
        chargingProfilePurpose: purposes[profile.purpose],
        ...writeCommon(profile),
        chargingSchedule: writeSchedule(profile.schedule),
      },
    };
  },
  clear: ({ profileId, evseId, purpose, stackLevel }) =>
    omitUndefined({
      id: profileId,
      connectorId: evseId,
      chargingProfilePurpose: purpose && purposes[purpose],
      stackLevel,
    }),
  readSet: (payload) => {
    const profile = objectAt(payload, 'csChargingProfiles');
    const schedule = readSchedule(profile, objectAt(profile, 'chargingSchedule'));
    const evseId = integerAt(payload, 'connectorId') ?? 0;
    return readProfile(purposes, evseId, integerAt(profile, 'chargingProfileId'), profile, schedule);
  },
  readClear: (payload) => {
    const profileId = integerAt(payload, 'id');
    return profileId === undefined
      ? readCriteria(purposes, integerAt(payload, 'connectorId'), payload)
      : { type: 'cleared', selector: { profileId } };
  },
};
