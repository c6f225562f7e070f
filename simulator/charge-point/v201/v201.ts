import { z } from 'zod';
import type { Dialect, Progress, Said } from '../dialect.ts';
import type { Payload } from '../message-queue.ts';
import type { Plug, Reason, Sample, Status, Transaction } from '../simulated-connector.ts';
import { register, sampledValue } from './sampled-values.ts';

const iso = (at: number): string => new Date(at).toISOString();
const say = (action: string, payload: Said['payload']): Said => ({ action, payload });

const Heard = z.object({ idTokenInfo: z.object({ status: z.string() }).optional() });

/** 2.0.1 knows five connector states; what goes on inside 'Occupied' is the transaction's chargingState. */
const words: Record<Status, string> = {
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

const chargingStates: Record<Progress, string> = {
  authorized: 'EVConnected',
  charging: 'Charging',
  suspendedEV: 'SuspendedEV',
  suspendedEVSE: 'SuspendedEVSE',
};

/** stoppedReason and the triggerReason that goes with it. */
const ends: Record<Reason, readonly [stoppedReason: string, triggerReason: string]> = {
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

const meterValue = ({ at }: Sample, context: string, values: readonly Payload[]): Payload[] => [
  { timestamp: iso(at), sampledValue: values.map((value) => ({ ...value, context })) },
];

/** One TransactionEvent. The number is taken when the event happens, not when it is sent: order is by seqNo. */
const event = (
  transaction: Transaction,
  eventType: string,
  triggerReason: string,
  at: number,
  rest: Payload,
  info: Payload = {},
): Said => {
  const seqNo = transaction.seqNo++;
  return say('TransactionEvent', () => ({
    eventType,
    timestamp: iso(at),
    triggerReason,
    seqNo,
    ...(Date.now() - at > 60_000 ? { offline: true } : {}),
    transactionInfo: { transactionId: String(transaction.transactionId), ...info },
    ...rest,
  }));
};

const evse = ({ evseId, connectorId }: Plug): Payload => ({ evse: { id: evseId, connectorId } });

export const v201: Dialect = {
  protocol: 'ocpp2.0.1',
  boot: ({ stationId, vendor, model, firmware }, reason) =>
    say('BootNotification', () => ({
      reason,
      chargingStation: { vendorName: vendor, model, serialNumber: stationId, firmwareVersion: firmware },
    })),
  heartbeat: () => say('Heartbeat', () => ({})),
  authorize: (idToken) => say('Authorize', () => ({ idToken: { idToken, type: 'ISO14443' } })),
  statusWord: (status) => words[status],
  status: ({ evseId, connectorId, status, statusAt }) =>
    say('StatusNotification', () => ({
      timestamp: iso(statusAt),
      connectorStatus: words[status],
      evseId,
      connectorId,
    })),
  started: (plug, transaction, sample) =>
    event(
      transaction,
      'Started',
      transaction.remoteStartId === undefined ? 'CablePluggedIn' : 'RemoteStart',
      sample.at,
      {
        ...evse(plug),
        idToken: { idToken: transaction.tag, type: 'ISO14443' },
        meterValue: meterValue(sample, 'Transaction.Begin', [register(sample)]),
      },
      {
        chargingState: 'EVConnected',
        ...(transaction.remoteStartId === undefined ? {} : { remoteStartId: transaction.remoteStartId }),
      },
    ),
  progressed: (_plug, transaction, at, progress) =>
    event(
      transaction,
      'Updated',
      progress === 'authorized' ? 'Authorized' : 'ChargingStateChanged',
      at,
      {},
      {
        chargingState: chargingStates[progress],
      },
    ),
  sampled: (plug, transaction, sample, { unit }) =>
    event(transaction, 'Updated', 'MeterValuePeriodic', sample.at, {
      ...evse(plug),
      meterValue: meterValue(sample, 'Sample.Periodic', sampledValue(sample, unit)),
    }),
  ended: (_plug, transaction, sample, reason) => {
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
  heard: (answer) => {
    const { idTokenInfo } = Heard.parse(answer);
    return idTokenInfo ? { verdict: idTokenInfo.status } : {};
  },
};
