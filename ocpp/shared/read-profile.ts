import {
  type ChargingSchedule,
  type ProfileChange,
  type ProfilePurpose,
  profilePurposes,
} from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { integerAt, type Payload, textAt } from '../payload.ts';
import { instantAt } from './read-schedule.ts';

/** The purposes by their names in a version. */
export type PurposeNames = Readonly<Record<ProfilePurpose, string>>;

const purposeNamed = (names: PurposeNames, text: string | undefined): ProfilePurpose | undefined =>
  profilePurposes.find((purpose) => names[purpose] === text);

/** The criteria of a ClearChargingProfile; undefined where they name a purpose that no profile of ours can have. */
export const readCriteria = (
  names: PurposeNames,
  evseId: number | undefined,
  criteria: Payload,
): ProfileChange | undefined => {
  const text = textAt(criteria, 'chargingProfilePurpose');
  const purpose = purposeNamed(names, text);
  if (text !== undefined && purpose === undefined) return undefined;
  const stackLevel = integerAt(criteria, 'stackLevel');
  return { type: 'cleared', selector: omitUndefined({ evseId, purpose, stackLevel }) };
};

/** What a SetChargingProfile sets, of its parts; `unreadable` without a schedule whose effect can be told. */
export const readProfile = (
  names: PurposeNames,
  evseId: number,
  profileId: number | undefined,
  profile: Payload,
  schedule: ChargingSchedule | undefined,
): ProfileChange => {
  const purpose = purposeNamed(names, textAt(profile, 'chargingProfilePurpose'));
  const stackLevel = integerAt(profile, 'stackLevel');
  if (schedule === undefined || purpose === undefined || profileId === undefined || stackLevel === undefined)
    return { type: 'unreadable', evseId, ...omitUndefined({ purpose }) };
  const transactionId = purpose === 'tx' ? textAt(profile, 'transactionId') : undefined;
  const validity = omitUndefined({
    validFrom: instantAt(profile, 'validFrom'),
    validTo: instantAt(profile, 'validTo'),
  });
  const known = { purpose, evseId, stackLevel, profileId, schedule };
  return { type: 'set', profile: { ...known, ...validity, ...omitUndefined({ transactionId }) } };
};
