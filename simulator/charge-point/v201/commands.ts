import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, statusAnswer } from '../commands/answer-command.ts';
import type { Controls } from '../commands/controls.ts';
import { instant } from '../smart-charging/charging-schedule.ts';
import { ChargingProfileMessage, smartChargingV201 } from './smart-charging.ts';

const Named = z.object({
  component: z.looseObject({ name: z.string() }),
  variable: z.looseObject({ name: z.string() }),
});
const nameOf = ({ component, variable }: z.infer<typeof Named>): string => `${component.name}.${variable.name}`;

const getVariables = (payload: Payload, { variables }: Controls): Payload => ({
  getVariableResult: z
    .object({ getVariableData: z.array(Named) })
    .parse(payload)
    .getVariableData.map(({ component, variable, ...rest }) => {
      const value = variables.get(nameOf({ component, variable }));
      return value === undefined
        ? { attributeStatus: 'UnknownVariable', component, variable, ...rest }
        : { attributeStatus: 'Accepted', attributeValue: value, component, variable, ...rest };
    }),
});

const setVariables = (payload: Payload, { variables }: Controls): Payload => ({
  setVariableResult: z
    .object({ setVariableData: z.array(Named.extend({ attributeValue: z.string() })) })
    .parse(payload)
    .setVariableData.map(({ component, variable, attributeValue }) => {
      const name = nameOf({ component, variable });
      if (!variables.has(name)) return { attributeStatus: 'UnknownVariable', component, variable };
      variables.set(name, attributeValue);
      return { attributeStatus: 'Accepted', component, variable };
    }),
});

const requestStart = (payload: Payload, controls: Controls): Payload => {
  const { evseId, remoteStartId, idToken, chargingProfile } = z
    .object({
      evseId: z.number().optional(),
      remoteStartId: z.number(),
      idToken: z.object({ idToken: z.string() }),
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
    .object({
      id: z.number(),
      expiryDateTime: instant,
      idToken: z.object({ idToken: z.string() }),
      evseId: z.number().optional(),
    })
    .parse(payload);
  const reservation = { tag: idToken.idToken, reservationId: id, until: expiryDateTime };
  return { status: controls.reserve(evseId ?? controls.connectors[0]?.evseId ?? 0, reservation) };
};

/** What a station does with each command of an OCPP 2.0.1 CSMS. */
export const commandsV201: Commands = {
  ...smartChargingV201,
  CancelReservation: (payload, controls) =>
    statusAnswer(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId)),
  ChangeAvailability: changeAvailability,
  ClearCache: () => ({ status: 'Accepted' }),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  GetBaseReport: () => ({ status: 'NotSupported' }),
  GetLocalListVersion: () => ({ versionNumber: 0 }),
  GetLog: () => ({ status: 'Accepted', filename: 'log.txt' }),
  GetTransactionStatus: (payload, { connectors }) => {
    const { transactionId } = z.object({ transactionId: z.string().optional() }).parse(payload);
    const ongoing = connectors.some(({ transaction }) => transaction?.transactionId === transactionId);
    return { messagesInQueue: false, ...(transactionId === undefined ? {} : { ongoingIndicator: ongoing }) };
  },
  GetVariables: getVariables,
  RequestStartTransaction: requestStart,
  RequestStopTransaction: (payload, controls) =>
    statusAnswer(controls.remoteStop(z.object({ transactionId: z.string() }).parse(payload).transactionId)),
  ReserveNow: reserveNow,
  Reset: (payload, controls) => {
    controls.reset(z.object({ type: z.string() }).parse(payload).type === 'Immediate');
    return { status: 'Accepted' };
  },
  SendLocalList: () => ({ status: 'Accepted' }),
  SetVariables: setVariables,
  TriggerMessage: (payload, controls) => {
    const { requestedMessage, evse } = z
      .object({ requestedMessage: z.string(), evse: z.object({ id: z.number() }).optional() })
      .parse(payload);
    return statusAnswer(controls.trigger(requestedMessage, evse?.id), 'NotImplemented');
  },
  UnlockConnector: (payload, controls) => ({
    status: controls.unlock(z.object({ evseId: z.number() }).parse(payload).evseId) ? 'Unlocked' : 'UnknownConnector',
  }),
  UpdateFirmware: () => ({ status: 'Accepted' }),
};
