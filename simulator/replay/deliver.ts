import { z } from 'zod';
import type { Payload } from '../../ocpp/payload.ts';
import type { Connection } from '../charge-point/connection/transport.ts';
import { webSocket } from '../charge-point/connection/web-socket.ts';
import { systemClock } from '../clock.ts';
import type { Traffic } from '../traffic.ts';
import type { Learned, QueuedMessage } from './offline-queue.ts';
import type { StationPlan } from './replay-plan.ts';

export type Delivery = {
  readonly station: StationPlan;
  /** Between two batches the station loses its connection. */
  readonly batches: readonly (readonly QueuedMessage[])[];
  readonly url: string;
  readonly password: string;
  readonly traffic: Traffic;
  /** After each message that was answered. */
  readonly delivered: () => void;
};

const Started = z.object({ transactionId: z.number().int() });

const bootOf = ({ ocpp, model, stationId }: StationPlan): Payload =>
  ocpp === '1.6'
    ? {
        chargePointVendor: 'Replay',
        chargePointModel: model.slice(0, 20) || 'unknown',
        chargePointSerialNumber: stationId.slice(0, 25),
      }
    : {
        reason: 'PowerUp',
        chargingStation: {
          vendorName: 'Replay',
          model: model.slice(0, 20) || 'unknown',
          serialNumber: stationId.slice(0, 25),
        },
      };

/** What the connector is doing now that the queue is delivered: nothing. */
const idle = ({ ocpp }: StationPlan, connectorId: number, at: number): Payload =>
  ocpp === '1.6'
    ? { connectorId, errorCode: 'NoError', status: 'Available', timestamp: new Date(at).toISOString() }
    : { evseId: connectorId, connectorId: 1, connectorStatus: 'Available', timestamp: new Date(at).toISOString() };

const connected = async (delivery: Delivery): Promise<Connection> => {
  const { station, url, password, traffic } = delivery;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const line = webSocket({
    url,
    stationId: station.stationId,
    password,
    protocol: station.ocpp === '1.6' ? 'ocpp1.6' : 'ocpp2.0.1',
    strict: true,
    traffic,
    commanded: async () => ({ kind: 'result', payload: { status: 'Rejected' } }),
    opened: resolve,
    closed: () => {},
    failed: (error) => reject(new Error(`Station ${station.stationId} cannot connect to ${url}`, { cause: error })),
    jitter: () => 0,
    clock: systemClock,
  });
  line.open();
  await promise;
  return line;
};

/** Delivers a station's offline queue, one message at a time, each after the answer to the one before. */
export const deliver = async (delivery: Delivery): Promise<void> => {
  const { station, batches, delivered } = delivery;
  const learned: Learned = new Map();
  for (const [index, batch] of batches.entries()) {
    const line = await connected(delivery);
    if (index === 0) await line.call('BootNotification', bootOf(station));
    for (const message of batch) {
      const answer = await line.call(message.action, message.payload(learned));
      if (message.action === 'StartTransaction') learned.set(message.recording.id, Started.parse(answer).transactionId);
      delivered();
    }
    if (index === batches.length - 1)
      for (const { connectorId } of station.connectors)
        await line.call('StatusNotification', idle(station, connectorId, systemClock.now()));
    await line.close(index % 2 === 1);
  }
};
