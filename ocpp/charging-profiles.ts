import type { ProfileChange } from '../domain/kernel/charging-profile.ts';
import { MINUTE_MS } from '../domain/kernel/durations.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { OcppVersion } from './frames/envelope.ts';
import { integerAt, objectAt, type Payload, textAt } from './payload.ts';
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

/** A driver plugs in before or after asking to start: until then a station of 2.x may have a transaction without a driver. */
const PLUG_IN_MS = 15 * MINUTE_MS;
/** Clocks of stations. */
const CLOCKS_MS = MINUTE_MS;

/**
 * The profile that a request to start brings with it for its transaction, sent at an instant (ms since the epoch); without an EVSE
 * for whichever one it starts on. Undefined for every other request. OCPP 1.6 5.11, 2.0.1 F01.FR.08.
 */
export const startProfileOf = (
  ocpp: OcppVersion,
  action: string,
  payload: Payload,
  sentAt: number,
): ProfileChange | undefined => {
  const is16 = ocpp === '1.6';
  const chargingProfile = objectAt(payload, 'chargingProfile');
  const tag = is16 ? textAt(payload, 'idTag') : textAt(objectAt(payload, 'idToken'), 'idToken');
  const isStart = action === (is16 ? 'RemoteStartTransaction' : 'RequestStartTransaction');
  if (!isStart || !Object.hasOwn(payload, 'chargingProfile') || tag === undefined) return undefined;
  const change = formats[ocpp].readSet({ ...payload, chargingProfile, csChargingProfiles: chargingProfile });
  if (change.type !== 'set') return change;
  const { transactionId: _, ...profile } = change.profile;
  const forStart = {
    ...{ tag, from: sentAt - (is16 ? CLOCKS_MS : PLUG_IN_MS), to: sentAt + PLUG_IN_MS },
    ...omitUndefined({ remoteStartId: is16 ? undefined : integerAt(payload, 'remoteStartId') }),
  };
  return profile.purpose === 'tx' ? { type: 'set', profile: { ...profile, forStart } } : undefined;
};
