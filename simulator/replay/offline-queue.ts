import type { Payload } from '../../ocpp/payload.ts';
import type { Reading, Recording, StationPlan } from './replay-plan.ts';

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

type Readings = readonly [Reading, ...Reading[]];

/** Chargers send what they could not deliver in parcels: an hour of clock quarters in one message. */
const quartersPerMessage = 4;

const byHour = (readings: readonly Reading[]): Readings[] => {
  const parcels: Readings[] = [];
  for (let from = 0; from < readings.length; from += quartersPerMessage) {
    const [first, ...rest] = readings.slice(from, from + quartersPerMessage);
    if (first) parcels.push([first, ...rest]);
  }
  return parcels;
};

const lastOf = (readings: Readings): Reading => readings.at(-1) ?? readings[0];

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
    ...byHour(readings).map(
      (some): QueuedMessage => ({
        action: 'MeterValues',
        at: lastOf(some).at,
        recording,
        payload: (learned) => ({
          connectorId,
          transactionId: transactionId(learned),
          meterValue: some.map(({ at, registerWh }) => ({
            timestamp: iso(at),
            sampledValue: [{ value: fixed(registerWh), measurand, unit: 'Wh', context: 'Sample.Periodic' }],
          })),
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
  readonly eventType: 'Started' | 'Updated' | 'Ended';
  readonly triggerReason: string;
  readonly context: string;
  readonly readings: Readings;
  readonly info: Payload;
};

const eventsOf = ({ startAt, meterStartWh, readings, stop }: Recording): Event[] => [
  {
    eventType: 'Started',
    triggerReason: 'Authorized',
    context: 'Transaction.Begin',
    readings: [{ at: startAt, registerWh: meterStartWh }],
    info: { chargingState: 'Charging' },
  },
  ...byHour(readings).map(
    (some): Event => ({
      eventType: 'Updated',
      triggerReason: 'MeterValuePeriodic',
      context: 'Sample.Periodic',
      readings: some,
      info: {},
    }),
  ),
  ...(stop === undefined
    ? []
    : [
        {
          eventType: 'Ended',
          triggerReason: 'StopAuthorized',
          context: 'Transaction.End',
          readings: [stop],
          info: { stoppedReason: 'Local' },
        } as const,
      ]),
];

const queue201 = (recording: Recording): QueuedMessage[] =>
  eventsOf(recording).map(({ eventType, triggerReason, context, readings, info }, seqNo) => ({
    action: 'TransactionEvent',
    at: lastOf(readings).at,
    recording,
    payload: () => ({
      eventType,
      timestamp: iso(lastOf(readings).at),
      triggerReason,
      seqNo,
      offline: true,
      transactionInfo: { transactionId: recording.transactionId, ...info },
      evse: { id: recording.connectorId, connectorId: 1 },
      ...(eventType === 'Started' ? { idToken: { idToken: recording.tag, type: 'ISO14443' } } : {}),
      meterValue: readings.map(({ at, registerWh }) => ({
        timestamp: iso(at),
        sampledValue: [{ value: Number(fixed(registerWh)), measurand, context, unitOfMeasure: { unit: 'Wh' } }],
      })),
    }),
  }));

/**
 * The station's whole offline queue in the order things happened. Where a session ends in the minute the next one starts,
 * the end comes first, because the recordings are in that order and the sort is stable.
 */
export const offlineQueue = ({ ocpp, recordings }: StationPlan): QueuedMessage[] =>
  recordings.flatMap(ocpp === '1.6' ? queue16 : queue201).toSorted((a, b) => a.at - b.at);
