import { z } from 'zod';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import type { CallRequest, Dialect } from '../dialect.ts';
import type {
  ChargePointStatus,
  MeterSample,
  SimulatedConnector,
  StopReason,
  Transaction,
} from '../simulated-connector.ts';
import { register, sampledValue } from './sampled-value.ts';

const iso = (at: number): string => new Date(at).toISOString();
const request = (action: string, payload: CallRequest['payload']): CallRequest => ({ action, payload });

const Answer = z.object({ idTokenInfo: z.object({ status: z.string() }).optional() });

/** 2.0.1 knows five connector states; what goes on inside 'Occupied' is the transaction's chargingState. */
const words: Record<ChargePointStatus, string> = {
  Available: 'Available',
  Preparing: 'Occupied',
  Charging: 'Occupied',
  SuspendedEV: 'Occupied',
  SuspendedEVSE: 'Occupied',
  Finishing: 'Occupied',
  Reserved: 'Reserved',
  Unavailable: 'Unavailable',
  Faulted: 'Faulted',
};

/** stoppedReason and the triggerReason that goes with it. */
const ends: Record<StopReason, readonly [stoppedReason: string, triggerReason: string]> = {
  DeAuthorized: ['DeAuthorized', 'Deauthorized'],
  EmergencyStop: ['EmergencyStop', 'AbnormalCondition'],
  EVDisconnected: ['EVDisconnected', 'EVCommunicationLost'],
  HardReset: ['ImmediateReset', 'ResetCommand'],
  Local: ['Local', 'StopAuthorized'],
  Other: ['Other', 'AbnormalCondition'],
  PowerLoss: ['PowerLoss', 'AbnormalCondition'],
  Reboot: ['Reboot', 'ResetCommand'],
  Remote: ['Remote', 'RemoteStop'],
  SoftReset: ['Reboot', 'ResetCommand'],
  UnlockCommand: ['Other', 'UnlockCommand'],
};

const meterValue = ({ at }: MeterSample, context: string, values: readonly Payload[]): Payload[] => [
  { timestamp: iso(at), sampledValue: values.map((value) => ({ ...value, context })) },
];

/** An event that is sent so much later than it happened was kept while the station was offline. */
const OFFLINE_AFTER_MS = 60_000;

/** One TransactionEvent. The number is taken when the event happens, not when it is sent: order is by seqNo. */
const event = (
  transaction: Transaction,
  eventType: string,
  triggerReason: string,
  at: number,
  rest: Payload,
  info: Payload = {},
): CallRequest => {
  const seqNo = transaction.seqNo++;
  return request('TransactionEvent', (sentAt) => ({
    eventType,
    timestamp: iso(at),
    triggerReason,
    seqNo,
    ...(sentAt - at > OFFLINE_AFTER_MS ? { offline: true } : {}),
    transactionInfo: { transactionId: String(transaction.transactionId), ...info },
    ...rest,
  }));
};

const evse = ({ evseId, connectorId }: SimulatedConnector): Payload => ({ evse: { id: evseId, connectorId } });

/** The words of OCPP 2.0.1. */
export const v201: Dialect = {
  protocol: 'ocpp2.0.1',
  boot: ({ stationId, vendor, model, firmware }, reason) =>
    request('BootNotification', () => ({
      reason,
      chargingStation: { vendorName: vendor, model, serialNumber: stationId, firmwareVersion: firmware },
    })),
  heartbeat: () => request('Heartbeat', () => ({})),
  authorize: (idToken) => request('Authorize', () => ({ idToken: { idToken, type: 'ISO14443' } })),
  statusWord: (status) => words[status],
  status: ({ evseId, connectorId, status, statusAt }) =>
    request('StatusNotification', () => ({
      timestamp: iso(statusAt),
      connectorStatus: words[status],
      evseId,
      connectorId,
    })),
  started: (connector, transaction, sample) =>
    event(
      transaction,
      'Started',
      transaction.remoteStartId === undefined ? 'CablePluggedIn' : 'RemoteStart',
      sample.at,
      {
        ...evse(connector),
        idToken: { idToken: transaction.tag, type: 'ISO14443' },
        meterValue: meterValue(sample, 'Transaction.Begin', [register(sample)]),
      },
      {
        chargingState: 'EVConnected',
        ...omitUndefined({ remoteStartId: transaction.remoteStartId }),
      },
    ),
  stateChanged: (transaction, at, chargingState) =>
    event(transaction, 'Updated', 'ChargingStateChanged', at, {}, { chargingState }),
  sampled: (connector, transaction, sample, { unit }) =>
    event(transaction, 'Updated', 'MeterValuePeriodic', sample.at, {
      ...evse(connector),
      meterValue: meterValue(sample, 'Sample.Periodic', sampledValue(sample, unit)),
    }),
  ended: (transaction, sample, reason) => {
    const [stoppedReason, triggerReason] = ends[reason];
    return event(
      transaction,
      'Ended',
      triggerReason,
      sample.at,
      { meterValue: meterValue(sample, 'Transaction.End', [register(sample)]) },
      { stoppedReason },
    );
  },
  reservationEnded: (reservationId) =>
    request('ReservationStatusUpdate', () => ({ reservationId, reservationUpdateStatus: 'Expired' })),
  metered: ({ evseId }, sample, { unit }) =>
    request('MeterValues', () => ({
      evseId,
      meterValue: meterValue(sample, 'Trigger', sampledValue(sample, unit)),
    })),
  readAnswer: (answer) => {
    const { idTokenInfo } = Answer.parse(answer);
    return omitUndefined({ authorization: idTokenInfo?.status });
  },
};
