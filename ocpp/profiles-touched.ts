import type { ProfileDecision, ProfileSlot } from '../domain/commands/profile-slot.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { OcppVersion } from './frames/envelope.ts';
import { integerAt, objectAt, type Payload, textAt } from './payload.ts';

type Touched = Omit<ProfileDecision, 'version'>;

/** The slot a profile is stored in; EVSE 0 is the station as a whole. */
const setBy = (evseId: number | undefined, idKey: string, profile: Payload): Touched => {
  const place = omitUndefined({
    evseId,
    purpose: textAt(profile, 'chargingProfilePurpose'),
    stackLevel: integerAt(profile, 'stackLevel'),
  });
  const overrides: ProfileSlot = { ...place, transactionId: textAt(profile, 'transactionId') ?? '' };
  return { slot: { ...overrides, ...omitUndefined({ profileId: integerAt(profile, idKey) }) }, overrides };
};

/** The slots that are cleared. Both versions: an id alone names one profile, criteria name all that fit. */
const clearedBy = (profileId: number | undefined, evseId: number | undefined, criteria: Payload): Touched => {
  const slot: ProfileSlot =
    profileId === undefined
      ? omitUndefined({
          evseId,
          purpose: textAt(criteria, 'chargingProfilePurpose'),
          stackLevel: integerAt(criteria, 'stackLevel'),
        })
      : { profileId };
  return { slot, overrides: slot };
};

/** What a request sets or clears of a charger's profiles; undefined for every other request. The payload is valid. */
export const profilesTouched = (ocpp: OcppVersion, action: string, payload: Payload): Touched | undefined => {
  if (action === 'SetChargingProfile')
    return ocpp === '1.6'
      ? setBy(integerAt(payload, 'connectorId'), 'chargingProfileId', objectAt(payload, 'csChargingProfiles'))
      : setBy(integerAt(payload, 'evseId'), 'id', objectAt(payload, 'chargingProfile'));
  if (action !== 'ClearChargingProfile') return undefined;
  if (ocpp === '1.6') return clearedBy(integerAt(payload, 'id'), integerAt(payload, 'connectorId'), payload);
  const criteria = objectAt(payload, 'chargingProfileCriteria');
  return clearedBy(integerAt(payload, 'chargingProfileId'), integerAt(criteria, 'evseId'), criteria);
};

/** When the profile in a payload ends for good, as the charger is told; undefined where nothing is said. */
export const profileEnd = (ocpp: OcppVersion, payload: Payload): string | undefined =>
  textAt(objectAt(payload, ocpp === '1.6' ? 'csChargingProfiles' : 'chargingProfile'), 'validTo');

const PROBED_SECONDS = 3_600;

/** A request that asks the charger what limit holds on an EVSE in the next hour. */
export const compositeScheduleRequest = (ocpp: OcppVersion, evseId: number): Payload =>
  ocpp === '1.6' ? { connectorId: evseId, duration: PROBED_SECONDS } : { evseId, duration: PROBED_SECONDS };
