import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command, statusAnswer } from '../commands/answer-command.ts';
import { certificatesOf } from '../commands/certificates-of.ts';
import type { Controls } from '../commands/controls.ts';
import { dataTransfer } from '../commands/data-transfer.ts';
import { instant } from '../smart-charging/charging-schedule.ts';
import { maintenanceV16 } from './maintenance-v16.ts';
import { CsChargingProfiles, smartChargingV16 } from './smart-charging-v16.ts';

const getConfiguration = (payload: Payload, { variables }: Controls): Payload => {
  const { key: asked } = z.object({ key: z.array(z.string()).optional() }).parse(payload);
  const keys = asked ?? variables.all().map(({ name }) => name);
  const found = keys.flatMap((name) => variables.find({ name }) ?? []);
  return {
    configurationKey: found.map(({ name, access, value }) => ({
      key: name,
      readonly: access === 'ReadOnly',
      ...(access === 'WriteOnly' ? {} : { value }),
    })),
    unknownKey: keys.filter((name) => variables.find({ name }) === undefined),
  };
};

const changeConfiguration = (payload: Payload, { variables }: Controls): Payload => {
  const { key, value } = z.object({ key: z.string(), value: z.string() }).parse(payload);
  const result = variables.set({ name: key }, value);
  return { status: result === 'Unknown' ? 'NotSupported' : result };
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

const reserveNow = (payload: Payload, controls: Controls): Payload => {
  const { connectorId, idTag, reservationId, expiryDate } = z
    .object({ connectorId: z.number(), idTag: z.string(), reservationId: z.number(), expiryDate: instant })
    .parse(payload);
  return { status: controls.reserve(connectorId, { tag: idTag, reservationId, until: expiryDate }) };
};

const sendLocalList = (payload: Payload, { localList }: Controls): Payload => {
  const { listVersion, updateType, localAuthorizationList } = z
    .object({
      listVersion: z.number(),
      updateType: z.enum(['Full', 'Differential']),
      localAuthorizationList: z
        .array(z.object({ idTag: z.string(), idTagInfo: z.object({ status: z.string() }).optional() }))
        .default([]),
    })
    .parse(payload);
  const entries = localAuthorizationList.map(({ idTag, idTagInfo }) => ({ tag: idTag, status: idTagInfo?.status }));
  return { status: localList.update(updateType, listVersion, entries) };
};

const triggerMessage = (payload: Payload, controls: Controls): Payload => {
  const { requestedMessage, connectorId } = z
    .object({ requestedMessage: z.string(), connectorId: z.number().optional() })
    .parse(payload);
  return statusAnswer(controls.trigger(requestedMessage, connectorId), 'NotImplemented');
};

const cancelReservation = (payload: Payload, controls: Controls): Payload =>
  statusAnswer(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId));

const remoteStop = (payload: Payload, controls: Controls): Payload =>
  statusAnswer(controls.remoteStop(z.object({ transactionId: z.number() }).parse(payload).transactionId));

const reset = (payload: Payload, controls: Controls): Payload => ({
  status: controls.reset(z.object({ type: z.string() }).parse(payload).type === 'Hard' ? 'hard' : 'soft'),
});

const unlock = (payload: Payload, controls: Controls): Payload =>
  controls.unlock(z.object({ connectorId: z.number() }).parse(payload).connectorId)
    ? { status: 'Unlocked' }
    : { status: 'NotSupported' };

const certificates = certificatesOf((hash) => ({ certificateHashData: [hash] }));

/** What a station does with each command of an OCPP 1.6 CSMS, security extension included. */
export const commandsV16: Commands = {
  ...smartChargingV16,
  ...maintenanceV16,
  ...certificates,
  CancelReservation: command(cancelReservation),
  ChangeAvailability: command(changeAvailability),
  ChangeConfiguration: command(changeConfiguration),
  ClearCache: command(() => ({ status: 'Accepted' })),
  DataTransfer: command(dataTransfer),
  ExtendedTriggerMessage: command(triggerMessage),
  GetConfiguration: { answer: getConfiguration },
  GetLocalListVersion: { answer: (_payload, { localList }) => ({ listVersion: localList.version() }) },
  RemoteStartTransaction: command(remoteStart),
  RemoteStopTransaction: command(remoteStop),
  ReserveNow: command(reserveNow),
  Reset: command(reset),
  SendLocalList: command(sendLocalList, 'Failed'),
  TriggerMessage: command(triggerMessage),
  UnlockConnector: command(unlock, 'UnlockFailed'),
};
