import { guardOf } from '../../domain/kernel/guard.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { answer } from '../../ocpp/answer.ts';
import { factsOf } from '../../ocpp/facts-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import type { ConnectedStation, InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Clock } from '../../simulator/clock.ts';
import type { DemoStation } from '../../simulator/demo-network.ts';

export type FoldingCsms = InMemoryCsms & {
  readonly aggregates: ReadonlyMap<string, StationAggregate>;
  /** Puts a call on the line of a station, if it is there. */
  readonly call: (stationId: string, action: string, payload: object) => void;
  readonly frames: () => number;
};

/**
 * Our answers and our fold as a CSMS without machines: every frame is answered as the gateway would, made into facts and
 * folded over its station's aggregate.
 */
export const foldingCsms = (clock: Clock, stations: readonly DemoStation[]): FoldingCsms => {
  const aggregates = new Map<string, StationAggregate>(
    stations.map(({ stationId, siteId, zoneId, region, timeZone, connectors }) => [
      stationId,
      {
        stationId,
        connectors: [],
        station: { registration: { stationId, siteId, zoneId, region, timeZone, admission: 'accepted', connectors } },
      },
    ]),
  );
  const lines = new Map<string, ConnectedStation>();
  let records = 0;

  const take = (ocpp: OcppVersion, station: ConnectedStation, text: string) => {
    const { stationId } = station;
    const receivedAt = clock.now();
    const context = {
      ocpp,
      stationId,
      now: receivedAt,
      admission: 'accepted' as const,
      heartbeatIntervalSec: 540,
      tag: () => ({ status: 'Accepted' as const }),
    };
    const { text: reply } = answer(readFrame(text, ocpp), context);
    if (reply !== undefined) station.send(reply);
    const { facts } = factsOf({
      kind: 'frame',
      stationId,
      ocpp,
      transport: 'websocket',
      receivedAt,
      frame: text,
      ...(reply !== undefined && { answer: reply }),
    });
    const aggregate = aggregates.get(stationId);
    if (aggregate === undefined) throw new Error(`${stationId} is not registered`);
    records += 1;
    const guard = guardOf('00', String(records));
    aggregates.set(stationId, fold(aggregate, { guard, facts, heardAt: receivedAt }).aggregate);
  };

  return {
    aggregates,
    frames: () => records,
    call: (stationId, action, payload) =>
      lines.get(stationId)?.send(JSON.stringify([2, `call-${records}`, action, payload])),
    connect: async (station) => {
      lines.set(station.stationId, station);
      const ocpp = station.protocol === 'ocpp1.6' ? '1.6' : '2.0.1';
      return {
        received: (text) => take(ocpp, station, text),
        closed: () => {
          if (lines.get(station.stationId) === station) lines.delete(station.stationId);
        },
      };
    },
  };
};
