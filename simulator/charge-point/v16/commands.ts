import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import { instant } from '../smart-charging/charging-schedule.ts';
import { CsChargingProfiles, smartChargingV16 } from './smart-charging.ts';

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

const remoteStart = (payload: Payload, controls: Controls): Payload => {
  const { idTag, connectorId, chargingProfile } = z
    .object({ idTag: z.string(), connectorId: z.number().optional(), chargingProfile: CsChargingProfiles.optional() })
    .parse(payload);
  return statusAnswer(
    controls.remoteStart({
      tag: idTag,
      ...omitUndefined({ evseId: connectorId, profile: chargingProfile }),
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

/** What a station does with each command of an OCPP 1.6 CSMS. */
export const commandsV16: Commands = {
  ...smartChargingV16,
  CancelReservation: (payload, controls) =>
    statusAnswer(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId)),
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: () => ({ status: 'Accepted' }),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  GetConfiguration: getConfiguration,
  GetDiagnostics: () => ({}),
  GetLocalListVersion: () => ({ listVersion: 0 }),
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: (payload, controls) =>
    statusAnswer(controls.remoteStop(z.object({ transactionId: z.number() }).parse(payload).transactionId)),
  ReserveNow: reserveNow,
  Reset: (payload, controls) => {
    controls.reset(z.object({ type: z.string() }).parse(payload).type === 'Hard');
    return { status: 'Accepted' };
  },
  SendLocalList: () => ({ status: 'Accepted' }),
  TriggerMessage: (payload, controls) => {
    const { requestedMessage, connectorId } = z
      .object({ requestedMessage: z.string(), connectorId: z.number().optional() })
      .parse(payload);
    return statusAnswer(controls.trigger(requestedMessage, connectorId), 'NotImplemented');
  },
  UnlockConnector: (payload, controls) => ({
    status: controls.unlock(z.object({ connectorId: z.number() }).parse(payload).connectorId)
      ? 'Unlocked'
      : 'NotSupported',
  }),
  UpdateFirmware: () => ({}),
};
