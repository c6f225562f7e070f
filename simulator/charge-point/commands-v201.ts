import { createRPCError } from 'ocpp-rpc';
import { z } from 'zod';
import type { Controls } from './controls.ts';
import type { Payload } from './outbox.ts';
import type { Profile } from './profiles.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const ChargingProfile = z
  .object({
    id: z.number(),
    transactionId: z.string().optional(),
    stackLevel: z.number(),
    chargingProfilePurpose: z.string(),
    recurrencyKind: z.enum(['Daily', 'Weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    chargingSchedule: z
      .array(
        z.object({
          duration: z.number().optional(),
          startSchedule: instant.optional(),
          chargingRateUnit: z.enum(['W', 'A']),
          chargingSchedulePeriod: z.array(
            z.object({ startPeriod: z.number(), limit: z.number(), numberPhases: z.number().optional() }),
          ),
        }),
      )
      .min(1),
  })
  .transform((profile, context): Profile => {
    const [schedule] = profile.chargingSchedule;
    if (!schedule) {
      context.addIssue('a profile has at least one schedule');
      return z.NEVER;
    }
    return {
      profileId: profile.id,
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

const clearChargingProfile = (payload: Payload, controls: Controls): Payload => {
  const { chargingProfileId, chargingProfileCriteria: criteria = {} } = z
    .object({
      chargingProfileId: z.number().optional(),
      chargingProfileCriteria: z
        .object({
          evseId: z.number().optional(),
          chargingProfilePurpose: z.string().optional(),
          stackLevel: z.number().optional(),
        })
        .optional(),
    })
    .parse(payload);
  const cleared = controls.clearProfiles(
    (profile, plug) =>
      (chargingProfileId === undefined || chargingProfileId === profile.profileId) &&
      (criteria.evseId === undefined || criteria.evseId === 0 || criteria.evseId === plug.evseId) &&
      (criteria.chargingProfilePurpose === undefined || criteria.chargingProfilePurpose === profile.purpose) &&
      (criteria.stackLevel === undefined || criteria.stackLevel === profile.stackLevel),
  );
  return status(cleared > 0, 'Unknown');
};

const getCompositeSchedule = (payload: Payload, { plugs, offerW }: Controls): Payload => {
  const { evseId, duration } = z.object({ evseId: z.number(), duration: z.number() }).parse(payload);
  const wanted = plugs.filter((plug) => evseId === 0 || plug.evseId === evseId);
  if (wanted.length === 0) return { status: 'Rejected' };
  const limit = Number(wanted.reduce((sum, plug) => sum + offerW(plug), 0).toFixed(1));
  return {
    status: 'Accepted',
    schedule: {
      evseId,
      duration,
      scheduleStart: new Date().toISOString(),
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
  };
};

const requestStart = (payload: Payload, controls: Controls): Payload => {
  const { evseId, remoteStartId, idToken, chargingProfile } = z
    .object({
      evseId: z.number().optional(),
      remoteStartId: z.number(),
      idToken: z.object({ idToken: z.string() }),
      chargingProfile: ChargingProfile.optional(),
    })
    .parse(payload);
  return status(
    controls.remoteStart({
      tag: idToken.idToken,
      remoteStartId,
      ...(evseId === undefined ? {} : { evseId }),
      ...(chargingProfile === undefined ? {} : { profile: chargingProfile }),
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
  return { status: controls.reserve(evseId ?? controls.plugs[0]?.evseId ?? 0, reservation) };
};

type Answer = (payload: Payload, controls: Controls) => Payload;

const answers: Readonly<Record<string, Answer>> = {
  CancelReservation: (payload, controls) =>
    status(controls.cancelReservation(z.object({ reservationId: z.number() }).parse(payload).reservationId)),
  ChangeAvailability: changeAvailability,
  ClearCache: () => ({ status: 'Accepted' }),
  ClearChargingProfile: clearChargingProfile,
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  GetBaseReport: () => ({ status: 'NotSupported' }),
  GetCompositeSchedule: getCompositeSchedule,
  GetLocalListVersion: () => ({ versionNumber: 0 }),
  GetLog: () => ({ status: 'Accepted', filename: 'log.txt' }),
  GetTransactionStatus: (payload, { plugs }) => {
    const { transactionId } = z.object({ transactionId: z.string().optional() }).parse(payload);
    const ongoing = plugs.some(({ transaction }) => transaction?.transactionId === transactionId);
    return { messagesInQueue: false, ...(transactionId === undefined ? {} : { ongoingIndicator: ongoing }) };
  },
  GetVariables: getVariables,
  RequestStartTransaction: requestStart,
  RequestStopTransaction: (payload, controls) =>
    status(controls.remoteStop(z.object({ transactionId: z.string() }).parse(payload).transactionId)),
  ReserveNow: reserveNow,
  Reset: (payload, controls) => {
    controls.reset(z.object({ type: z.string() }).parse(payload).type === 'Immediate');
    return { status: 'Accepted' };
  },
  SendLocalList: () => ({ status: 'Accepted' }),
  SetChargingProfile: (payload, controls) => {
    const { evseId, chargingProfile } = z
      .object({ evseId: z.number(), chargingProfile: ChargingProfile })
      .parse(payload);
    return status(controls.setProfile(evseId, chargingProfile));
  },
  SetVariables: setVariables,
  TriggerMessage: (payload, controls) => {
    const { requestedMessage, evse } = z
      .object({ requestedMessage: z.string(), evse: z.object({ id: z.number() }).optional() })
      .parse(payload);
    return status(controls.trigger(requestedMessage, evse?.id), 'NotImplemented');
  },
  UnlockConnector: (payload, controls) => ({
    status: controls.unlock(z.object({ evseId: z.number() }).parse(payload).evseId) ? 'Unlocked' : 'UnknownConnector',
  }),
  UpdateFirmware: () => ({ status: 'Accepted' }),
};

/** Answers a command of an OCPP 2.0.1 CSMS; throws NotImplemented for an action this station does not know. */
export const commandV201 = (action: string, payload: Payload, controls: Controls): Payload => {
  const answer = answers[action];
  if (!answer) throw createRPCError('NotImplemented', `This station does not know ${action}`, {});
  return answer(payload, controls);
};

/** Device-model variables a 2.0.1 station starts with. */
export const variablesV201 = (sampleSec: number): Map<string, string> =>
  new Map([
    ['OCPPCommCtrlr.HeartbeatInterval', '540'],
    ['OCPPCommCtrlr.MessageAttempts', '5'],
    ['OCPPCommCtrlr.WebSocketPingInterval', '120'],
    ['SampledDataCtrlr.TxUpdatedInterval', String(sampleSec)],
    [
      'SampledDataCtrlr.TxUpdatedMeasurands',
      'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC',
    ],
    ['SmartChargingCtrlr.Entries', '20'],
    ['SmartChargingCtrlr.LimitChangeSignificance', '1'],
    ['SmartChargingCtrlr.PeriodsPerSchedule', '48'],
    ['SmartChargingCtrlr.ProfileStackLevel', '20'],
    ['SmartChargingCtrlr.RateUnit', 'W,A'],
    ['SmartChargingCtrlr.SmartChargingEnabled', 'true'],
    ['TxCtrlr.TxStartPoint', 'EVConnected'],
  ]);
