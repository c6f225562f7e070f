import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command, statusAnswer } from '../commands/answer-command.ts';
import { certificatesOf } from '../commands/certificates-of.ts';
import type { Controls } from '../commands/controls.ts';
import { dataTransfer } from '../commands/data-transfer.ts';
import { instant } from '../smart-charging/charging-schedule.ts';
import { deviceModelV201 } from './device-model-v201.ts';
import { maintenanceV201 } from './maintenance-v201.ts';
import { monitoringV201 } from './monitoring-v201.ts';
import { ChargingProfileMessage, smartChargingV201 } from './smart-charging-v201.ts';

const IdToken = z.object({ idToken: z.string() });

const requestStart = (payload: Payload, controls: Controls): Payload => {
  const { evseId, remoteStartId, idToken, chargingProfile } = z
    .object({
      evseId: z.number().optional(),
      remoteStartId: z.number(),
      idToken: IdToken,
      chargingProfile: ChargingProfileMessage.optional(),
    })
    .parse(payload);
  return statusAnswer(
    controls.remoteStart({
      tag: idToken.idToken,
      remoteStartId,
      ...omitUndefined({ evseId, profile: chargingProfile }),
    }),
  );
};

const changeAvailability = (payload: Payload, controls: Controls): Payload => {
  const { operationalStatus, evse } = z
    .object({ operationalStatus: z.string(), evse: z.object({ id: z.number() }).optional() })
    .parse(payload);
  return { status: controls.changeAvailability(evse?.id ?? 0, operationalStatus === 'Operative') };
};

const reserveNow = (payload: Payload, controls: Controls): Payload => {
  const { id, expiryDateTime, idToken, evseId } = z
    .object({ id: z.number(), expiryDateTime: instant, idToken: IdToken, evseId: z.number().optional() })
    .parse(payload);
  const reservation = { tag: idToken.idToken, reservationId: id, until: expiryDateTime };
  return { status: controls.reserve(evseId ?? 0, reservation) };
};

const sendLocalList = (payload: Payload, { localList }: Controls): Payload => {
  const { versionNumber, updateType, localAuthorizationList } = z
    .object({
      versionNumber: z.number(),
      updateType: z.enum(['Full', 'Differential']),
      localAuthorizationList: z
        .array(z.object({ idToken: IdToken, idTokenInfo: z.object({ status: z.string() }).optional() }))
        .default([]),
    })
    .parse(payload);
  const entries = localAuthorizationList.map(({ idToken, idTokenInfo }) => ({
    tag: idToken.idToken,
    status: idTokenInfo?.status,
  }));
  return { status: localList.update(updateType, versionNumber, entries) };
};

const getTransactionStatus = (payload: Payload, { connectors }: Controls): Payload => {
  const { transactionId } = z.object({ transactionId: z.string().optional() }).parse(payload);
  const ongoing = connectors.some(({ transaction }) => transaction?.transactionId === transactionId);
  return { messagesInQueue: false, ...(transactionId === undefined ? {} : { ongoingIndicator: ongoing }) };
};

const reset = (payload: Payload, controls: Controls): Payload => {
  const { type, evseId } = z.object({ type: z.string(), evseId: z.number().optional() }).parse(payload);
  // A simulated station restarts as a whole only.
  if (evseId !== undefined) return { status: 'Rejected', statusInfo: { reasonCode: 'UnsupportedRequest' } };
  return { status: controls.reset(type === 'Immediate' ? 'hard' : 'on-idle') };
};

const triggerMessage = (payload: Payload, controls: Controls): Payload => {
  const { requestedMessage, evse } = z
    .object({ requestedMessage: z.string(), evse: z.object({ id: z.number() }).optional() })
    .parse(payload);
  return statusAnswer(controls.trigger(requestedMessage, evse?.id), 'NotImplemented');
};

const cancelReservation = (payload: Payload, controls: Controls): Payload =>
  statusAnswer(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId));

const requestStop = (payload: Payload, controls: Controls): Payload =>
  statusAnswer(controls.remoteStop(z.object({ transactionId: z.string() }).parse(payload).transactionId));

const unlock = (payload: Payload, controls: Controls): Payload =>
  controls.unlock(z.object({ evseId: z.number() }).parse(payload).evseId)
    ? { status: 'Unlocked' }
    : { status: 'UnknownConnector' };

const certificates = certificatesOf((certificateHashData, certificateType) => ({
  certificateHashDataChain: [{ certificateType, certificateHashData }],
}));

/** What a station does with each command of an OCPP 2.0.1 CSMS. */
export const commandsV201: Commands = {
  ...smartChargingV201,
  ...deviceModelV201,
  ...maintenanceV201,
  ...monitoringV201,
  ...certificates,
  CancelReservation: command(cancelReservation),
  ChangeAvailability: command(changeAvailability),
  ClearCache: command(() => ({ status: 'Accepted' })),
  DataTransfer: command(dataTransfer),
  GetLocalListVersion: { answer: (_payload, { localList }) => ({ versionNumber: localList.version() }) },
  GetTransactionStatus: { answer: getTransactionStatus },
  RequestStartTransaction: command(requestStart),
  RequestStopTransaction: command(requestStop),
  ReserveNow: command(reserveNow),
  Reset: command(reset),
  SendLocalList: command(sendLocalList, 'Failed'),
  SetNetworkProfile: command(() => ({ status: 'Accepted' })),
  TriggerMessage: command(triggerMessage),
  UnlockConnector: command(unlock, 'UnlockFailed'),
};
