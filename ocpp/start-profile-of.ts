import type { ProfileChange } from '../domain/kernel/charging-profile.ts';
import { MINUTE_MS } from '../domain/kernel/durations.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { OcppVersion } from './frames/envelope.ts';
import { integerAt, objectAt, type Payload, textAt } from './payload.ts';
import { profileFormatOf } from './profile-change-of.ts';

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
  const change = profileFormatOf(ocpp).readSet({ ...payload, chargingProfile, csChargingProfiles: chargingProfile });
  if (change.type !== 'set') return change;
  const { transactionId: _, ...profile } = change.profile;
  const forStart = {
    ...{ tag, from: sentAt - (is16 ? CLOCKS_MS : PLUG_IN_MS), to: sentAt + PLUG_IN_MS },
    ...omitUndefined({ remoteStartId: is16 ? undefined : integerAt(payload, 'remoteStartId') }),
  };
  return profile.purpose === 'tx' ? { type: 'set', profile: { ...profile, forStart } } : undefined;
};
