import type { ProfileChange } from '../domain/kernel/charging-profile.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Payload } from './payload.ts';
import type { ProfileFormat } from './profile-format.ts';
import { profileFormat16 } from './v16/profile-format-16.ts';
import { profileFormat201 } from './v201/profile-format-201.ts';

const formats: Record<OcppVersion, ProfileFormat> = {
  '1.6': profileFormat16,
  '2.0.1': profileFormat201,
  '2.1': profileFormat201,
};

/** How a version writes charging profiles. */
export const profileFormatOf = (ocpp: OcppVersion): ProfileFormat => formats[ocpp];

/** What a request does to the charging profiles of a charger; undefined for every other request. The payload is valid. */
export const profileChangeOf = (ocpp: OcppVersion, action: string, payload: Payload): ProfileChange | undefined => {
  if (action === 'SetChargingProfile') return formats[ocpp].readSet(payload);
  return action === 'ClearChargingProfile' ? formats[ocpp].readClear(payload) : undefined;
};
