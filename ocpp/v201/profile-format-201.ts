import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { integerAt, listAt, objectAt, type Payload } from '../payload.ts';
import type { ProfileFormat } from '../profile-format.ts';
import { type PurposeNames, readCriteria, readProfile } from '../shared/read-profile.ts';
import { readSchedule } from '../shared/read-schedule.ts';
import { writeCommon, writeSchedule } from '../shared/write-schedule.ts';

const purposes: PurposeNames = {
  'station-max': 'ChargingStationMaxProfile',
  'tx-default': 'TxDefaultProfile',
  tx: 'TxProfile',
};

/** What OCPP 2.1 may add to a profile that makes its limit another one than its periods say. */
const beyond = {
  profile: ['maxOfflineDuration', 'invalidAfterOfflineDuration', 'dynUpdateInterval'],
  schedule: ['limitAtSoC', 'useLocalTime', 'randomizedDelay'],
  period: ['limit_L2', 'limit_L3', 'setpoint', 'operationMode', 'evseSleep'],
} as const;

const hasAny = (payload: Payload, keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(payload, key));

const isBeyond = (profile: Payload, schedule: Payload): boolean =>
  hasAny(profile, beyond.profile) ||
  hasAny(schedule, beyond.schedule) ||
  listAt(schedule, 'chargingSchedulePeriod').some((period) => hasAny(period, beyond.period));

/**
 * Charging profiles of OCPP 2.0.1 (2.7.., K01), and of 2.1 as far as it says the same. Of several schedules in one profile the
 * vehicle chooses (ISO 15118), so nobody can tell the limit.
 */
export const profileFormat201: ProfileFormat = {
  set: (profile) => ({
    evseId: profile.evseId,
    chargingProfile: {
      id: profile.profileId,
      chargingProfilePurpose: purposes[profile.purpose],
      ...omitUndefined({ transactionId: profile.transactionId }),
      ...writeCommon(profile),
      chargingSchedule: [{ id: profile.profileId, ...writeSchedule(profile.schedule) }],
    },
  }),
  clear: ({ profileId, evseId, purpose, stackLevel }) =>
    profileId === undefined
      ? {
          chargingProfileCriteria: omitUndefined({
            evseId,
            chargingProfilePurpose: purpose && purposes[purpose],
            stackLevel,
          }),
        }
      : { chargingProfileId: profileId },
  readSet: (payload) => {
    const profile = objectAt(payload, 'chargingProfile');
    const [first, ...others] = listAt(profile, 'chargingSchedule');
    const isPlain = first !== undefined && others.length === 0 && !isBeyond(profile, first);
    const schedule = isPlain ? readSchedule(profile, first) : undefined;
    return readProfile(purposes, integerAt(payload, 'evseId') ?? 0, integerAt(profile, 'id'), profile, schedule);
  },
  readClear: (payload) => {
    const profileId = integerAt(payload, 'chargingProfileId');
    const criteria = objectAt(payload, 'chargingProfileCriteria');
    return profileId === undefined
      ? readCriteria(purposes, integerAt(criteria, 'evseId'), criteria)
      : { type: 'cleared', selector: { profileId } };
  },
};
