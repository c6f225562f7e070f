import { createRPCError } from 'ocpp-rpc';
import { z } from 'zod';
import type { Controls } from './controls.ts';
import type { Payload } from './outbox.ts';
import type { Profile } from './profiles.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const CsChargingProfiles = z
  .object({
    chargingProfileId: z.number(),
    transactionId: z.number().optional(),
    stackLevel: z.number(),
    chargingProfilePurpose: z.string(),
    recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    chargingSchedule: z.object({
      duration: z.number().optional(),
      startSchedule: instant.optional(),
      chargingRateUnit: z.enum(['W', 'A']),
      chargingSchedulePeriod: z.array(
        z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().optional() }),
      ),
    }),
  })
  .transform((profile): Profile => {
    const { chargingSchedule: schedule } = profile;
    return {
      profileId: profile.chargingProfileId,
      purpose: profile.chargingProfilePurpose,
      stackLevel: profile.stackLevel,
      unit: schedule.chargingRateUnit,
      periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({
        startSec: startPeriod,
        limit,
        ...(numberPhases === undefined ? {} : { phases: numberPhases }),
      })),
      ...(schedule.startSchedule === undefined ? {} : { startAt: schedule.startSchedule }),
      ...(profile.recurrencyKind === undefined ? {} : { recurring: profile.recurrencyKind }),
      ...(schedule.duration === undefined ? {} : { durationSec: schedule.duration }),
      ...(profile.validFrom === undefined ? {} : { validFrom: profile.validFrom }),
      ...(profile.validTo === undefined ? {} : { validTo: profile.validTo }),
      ...(profile.transactionId === undefined ? {} : { transactionId: profile.transactionId }),
    };
  });

const status = (accepted: boolean, otherwise = 'Rejected'): Payload => ({ status: accepted ? 'Accepted' : otherwise });

const getConfiguration = (payload: Payload, { variables }: Controls): Payload => {
  const { key: asked } = z.object({ key: z.array(z.string()).optional() }).parse(payload);
  const keys = asked ?? [...variables.keys()];
  return {
    configurationKey: keys
      .filter((key) => variables.has(key))
      .map((key) => ({
        key,
        readonly: key.startsWith('ChargingSchedule') || key === 'NumberOfConnectors',
        value: variables.get(key),
      })),
    unknownKey: keys.filter((key) => !variables.has(key)),
  };
};

const setChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, csChargingProfiles } = z
    .object({ connectorId: z.number(), csChargingProfiles: CsChargingProfiles })
    .parse(payload);
  return status(controls.setProfile(connectorId, csChargingProfiles));
};

const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
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
  return status(cleared > 0, 'Unknown');
};

const getCompositeSchedule = (payload: Payload, { plugs, offerW }: Controls): Payload => {
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

const remoteStart = (payload: Payload, controls: Controls): Payload => {
  const { idTag, connectorId, chargingProfile } = z
    .object({ idTag: z.string(), connectorId: z.number().optional(), chargingProfile: CsChargingProfiles.optional() })
    .parse(payload);
  return status(
    controls.remoteStart({
      tag: idTag,
      ...(connectorId === undefined ? {} : { evseId: connectorId }),
      ...(chargingProfile === undefined ? {} : { profile: chargingProfile }),
    }),
  );
};

const changeAvailability = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, type } = z.object({ connectorId: z.number(), type: z.string() }).parse(payload);
  return { status: controls.changeAvailability(connectorId, type === 'Operative') };
};

const changeConfiguration = (payload: Payload, { variables }: Controls): Payload => {
  const { key, value } = z.object({ key: z.string(), value: z.string() }).parse(payload);
  if (!variables.has(key)) return { status: 'NotSupported' };
  variables.set(key, value);
  return { status: 'Accepted' };
};

const reserveNow = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, idTag, reservationId, expiryDate } = z
    .object({ connectorId: z.number(), idTag: z.string(), reservationId: z.number(), expiryDate: instant })
    .parse(payload);
  return { status: controls.reserve(connectorId, { tag: idTag, reservationId, until: expiryDate }) };
};

type Answer = (payload: Payload, controls: Controls) => Payload;

const answers: Readonly<Record<string, Answer>> = {
  CancelReservation: (payload, controls) =>
    status(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId)),
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: () => ({ status: 'Accepted' }),
  ClearChargingProfile: clearChargingProfile,
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  GetCompositeSchedule: getCompositeSchedule,
  GetConfiguration: getConfiguration,
  GetDiagnostics: () => ({}),
  GetLocalListVersion: () => ({ listVersion: 0 }),
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: (payload, controls) =>
    status(controls.remoteStop(z.object({ transactionId: z.number() }).parse(payload).transactionId)),
  ReserveNow: reserveNow,
  Reset: (payload, controls) => {
    controls.reset(z.object({ type: z.string() }).parse(payload).type === 'Hard');
    return { status: 'Accepted' };
  },
  SendLocalList: () => ({ status: 'Accepted' }),
  SetChargingProfile: setChargingProfile,
  TriggerMessage: (payload, controls) => {
    const { requestedMessage, connectorId } = z
      .object({ requestedMessage: z.string(), connectorId: z.number().optional() })
      .parse(payload);
    return status(controls.trigger(requestedMessage, connectorId), 'NotImplemented');
  },
  UnlockConnector: (payload, controls) => ({
    status: controls.unlock(z.object({ connectorId: z.number() }).parse(payload).connectorId)
      ? 'Unlocked'
      : 'NotSupported',
  }),
  UpdateFirmware: () => ({}),
};

/** Answers a command of an OCPP 1.6 CSMS; throws NotImplemented for an action a charge point does not know. */
export const commandV16 = (action: string, payload: Payload, controls: Controls): Payload => {
  const answer = answers[action];
  if (!answer) throw createRPCError('NotImplemented', `This station does not know ${action}`, {});
  return answer(payload, controls);
};

/** Configuration keys a 1.6 station starts with. */
export const variablesV16 = (connectors: number, sampleSec: number): Map<string, string> =>
  new Map([
    ['AuthorizeRemoteTxRequests', 'false'],
    ['ChargeProfileMaxStackLevel', '20'],
    ['ChargingScheduleAllowedChargingRateUnit', 'Current,Power'],
    ['ChargingScheduleMaxPeriods', '48'],
    ['ConnectionTimeOut', '60'],
    ['HeartbeatInterval', '540'],
    ['LocalAuthorizeOffline', 'true'],
    ['MaxChargingProfilesInstalled', '20'],
    ['MeterValueSampleInterval', String(sampleSec)],
    ['NumberOfConnectors', String(connectors)],
    ['StopTransactionOnInvalidId', 'true'],
    ['SupportedFeatureProfiles', 'Core,FirmwareManagement,RemoteTrigger,Reservation,SmartCharging'],
    ['TransactionMessageAttempts', '5'],
    ['WebSocketPingInterval', '120'],
  ]);
