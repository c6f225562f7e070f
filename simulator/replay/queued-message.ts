import type { Payload } from '../charge-point/outbox.ts';
import type { Recording, StationPlan } from './plan.ts';

/** What the charger learned from the CSMS on the way: the 1.6 transaction ids, by recording. */
export type Learned = Map<string, number>;

/** One message of an offline queue. */
export type QueuedMessage = {
  readonly action: string;
  /** Event time, ms. */
  readonly at: number;
  readonly recording: Recording;
  readonly payload: (learned: Learned) => Payload;
};

const iso = (at: number): string => new Date(at).toISOString();
const fixed = (wattHours: number): string => wattHours.toFixed(3);
const measurand = 'Energy.Active.Import.Register';

const queue16 = (recording: Recording): QueuedMessage[] => {
  const { id, connectorId, tag, startAt, meterStartWh, readings, stop } = recording;
  const transactionId = (learned: Learned) => learned.get(id) ?? -1;
  return [
    {
      action: 'StartTransaction',
      at: startAt,
      recording,
      payload: () => ({ connectorId, idTag: tag, meterStart: meterStartWh, timestamp: iso(startAt) }),
    },
    ...readings.map(
      ({ at, registerWh }): QueuedMessage => ({
        action: 'MeterValues',
        at,
        recording,
        payload: (learned) => ({
          connectorId,
          transactionId: transactionId(learned),
          meterValue: [
            {
              timestamp: iso(at),
              sampledValue: [{ value: fixed(registerWh), measurand, unit: 'Wh', context: 'Sample.Periodic' }],
            },
          ],
        }),
      }),
    ),
    ...(stop === undefined
      ? []
      : [
          {
            action: 'StopTransaction',
            at: stop.at,
            recording,
            payload: (learned: Learned) => ({
              transactionId: transactionId(learned),
              idTag: tag,
              meterStop: stop.registerWh,
              timestamp: iso(stop.at),
              reason: 'Local',
            }),
          },
        ]),
  ];
};

type Event = {
  readonly at: number;
  readonly eventType: 'Started' | 'Updated' | 'Ended';
  readonly triggerReason: string;
  readonly context: string;
  readonly registerWh: number;
  readonly info: Payload;
};

const eventsOf = ({ startAt, meterStartWh, readings, stop }: Recording): Event[] => [
  {
    at: startAt,
    eventType: 'Started',
    triggerReason: 'Authorized',
    context: 'Transaction.Begin',
    registerWh: meterStartWh,
    info: { chargingState: 'Charging' },
  },
  ...readings.map(
    ({ at, registerWh }): Event => ({
      at,
      registerWh,
      eventType: 'Updated',
      triggerReason: 'MeterValuePeriodic',
      context: 'Sample.Periodic',
      info: {},
    }),
  ),
  ...(stop === undefined
    ? []
    : [
        {
          at: stop.at,
          registerWh: stop.registerWh,
          eventType: 'Ended',
          triggerReason: 'StopAuthorized',
          context: 'Transaction.End',
          info: { stoppedReason: 'Local' },
        } as const,
      ]),
];

const queue201 = (recording: Recording): QueuedMessage[] =>
  eventsOf(recording).map(({ at, eventType, triggerReason, context, registerWh, info }, seqNo) => ({
    action: 'TransactionEvent',
    at,
    recording,
    payload: () => ({
      eventType,
      timestamp: iso(at),
      triggerReason,
      seqNo,
      offline: true,
      transactionInfo: { transactionId: recording.transactionId, ...info },
      evse: { id: recording.connectorId, connectorId: 1 },
      ...(eventType === 'Started' ? { idToken: { idToken: recording.tag, type: 'ISO14443' } } : {}),
      meterValue: [
        {
          timestamp: iso(at),
          sampledValue: [{ value: Number(fixed(registerWh)), measurand, context, unitOfMeasure: { unit: 'Wh' } }],
        },
      ],
    }),
  }));

/**
 * The station's whole offline queue in the order things happened. Where a session ends in the minute the next one starts,
 * the end comes first, because the recordings are in that order and the sort is stable.
 */
export const offlineQueue = ({ ocpp, recordings }: StationPlan): QueuedMessage[] =>
  recordings.flatMap(ocpp === '1.6' ? queue16 : queue201).toSorted((a, b) => a.at - b.at);
