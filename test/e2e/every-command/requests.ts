import type { Payload } from '../../../ocpp/payload.ts';
import { exampleRequest } from '../../ocpp/schemas.ts';
import { fleetTag } from '../running-stack.ts';

const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();

const idToken = { idToken: fleetTag, type: 'ISO14443' };
const schedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] };
const purpose = { stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile' };
const vendor = { vendorId: 'Simulator', messageId: 'Behave', data: 'normal' };
const place = 'https://example.org/files/fw-2.0.bin';
const interval = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };

/** What must be asked first. */
export type Before = { readonly action: string; readonly payload: Payload };

const requests16 = (): Readonly<Record<string, Payload>> => ({
  ChangeAvailability: { connectorId: 1, type: 'Operative' },
  ChangeConfiguration: { key: 'HeartbeatInterval', value: '300' },
  DataTransfer: vendor,
  ExtendedTriggerMessage: { requestedMessage: 'Heartbeat' },
  GetCompositeSchedule: { connectorId: 1, duration: 600 },
  RemoteStartTransaction: { connectorId: 1, idTag: fleetTag },
  ReserveNow: { connectorId: 1, idTag: fleetTag, reservationId: 1, expiryDate: hours(1) },
  SendLocalList: { listVersion: 1, updateType: 'Full', localAuthorizationList: [] },
  SetChargingProfile: {
    connectorId: 1,
    csChargingProfiles: {
      ...purpose,
      chargingProfileId: 1,
      chargingProfileKind: 'Relative',
      chargingSchedule: schedule,
    },
  },
  TriggerMessage: { requestedMessage: 'Heartbeat' },
  UnlockConnector: { connectorId: 2 },
  UpdateFirmware: { location: place, retrieveDate: hours(1) },
});

const requests201 = (): Readonly<Record<string, Payload>> => ({
  ChangeAvailability: { operationalStatus: 'Operative', evse: { id: 1 } },
  DataTransfer: vendor,
  GetCompositeSchedule: { evseId: 1, duration: 600 },
  GetVariables: { getVariableData: [interval] },
  RequestStartTransaction: { evseId: 1, remoteStartId: 1, idToken },
  Reset: { type: 'OnIdle' },
  ReserveNow: { id: 1, evseId: 1, idToken, expiryDateTime: hours(1) },
  SendLocalList: {
    versionNumber: 1,
    updateType: 'Full',
    localAuthorizationList: [{ idToken, idTokenInfo: { status: 'Accepted' } }],
  },
  SetChargingProfile: {
    evseId: 1,
    chargingProfile: {
      ...purpose,
      id: 1,
      chargingProfileKind: 'Relative',
      chargingSchedule: [{ ...schedule, id: 1 }],
    },
  },
  SetVariables: { setVariableData: [{ ...interval, attributeValue: '300' }] },
  TriggerMessage: { requestedMessage: 'Heartbeat' },
  UnlockConnector: { evseId: 2, connectorId: 1 },
  UpdateFirmware: { requestId: 1, firmware: { location: place, retrieveDateTime: hours(1) } },
});

/** A request that a charger which obeys accepts. */
export const acceptableRequest = (ocpp: '1.6' | '2.0.1', action: string): Payload =>
  (ocpp === '1.6' ? requests16() : requests201())[action] ??
  Object(exampleRequest(ocpp === '1.6' ? 'v16' : 'v201', action, false));

/** What a command needs to have happened: a reservation to cancel, a transaction to stop. */
export const neededBefore = (ocpp: '1.6' | '2.0.1', action: string): Before | undefined => {
  const needed: Readonly<Record<string, string>> = {
    CancelReservation: 'ReserveNow',
    RemoteStopTransaction: 'RemoteStartTransaction',
    RequestStopTransaction: 'RequestStartTransaction',
  };
  const first = needed[action];
  return first === undefined ? undefined : { action: first, payload: acceptableRequest(ocpp, first) };
};
