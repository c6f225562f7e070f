import { mqttPresence } from '../../domain/station/mqtt-presence.ts';
import type { Connectivity } from '../../domain/station/station.ts';
import type { OcppVersion, Transport } from '../../ocpp/frames/envelope.ts';
import type { ConnectionOpening, StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';

type Known = Connectivity & { readonly ocpp?: OcppVersion; readonly transport?: Transport };
type Row = { connectivity?: Known; lastSeenAt?: number };

const openedBy = (known: Known | undefined, { at, version, ...opened }: ConnectionOpening): Known | undefined => {
  const { stationId: _, ...connection } = opened;
  if (version !== undefined) return mqttPresence.opened(known, { ...connection, at, version });
  return (known?.connectedAt ?? at) > at ? undefined : { ...connection, connectedAt: at };
};

/** Connectivity in memory, for tests, of the stations named. */
export const fakeStationConnectivity = (...stationIds: readonly string[]): StationConnectivity => {
  const rows = new Map<string, Row>(stationIds.map((stationId) => [stationId, {}]));
  return {
    open: async (opening) => {
      const { stationId } = opening;
      const row = rows.get(stationId);
      if (row === undefined) return { outcome: 'unknownStation' };
      const previous = row.connectivity;
      const next = openedBy(previous, opening);
      if (next === undefined) return { outcome: 'outdated' };
      if (next !== previous) rows.set(stationId, { connectivity: next, lastSeenAt: next.connectedAt ?? opening.at });
      return previous === undefined ? { outcome: 'recorded' } : { outcome: 'recorded', previous };
    },
    newest: async (stationId) => rows.get(stationId)?.connectivity,
    close: async ({ stationId, connectionId, at, version }) => {
      const row = rows.get(stationId);
      const known = row?.connectivity;
      if (row !== undefined && version !== undefined) {
        const next = mqttPresence.closed(known, { connectionId, at, version });
        if (next === undefined) return undefined;
        rows.set(stationId, { ...row, connectivity: next });
        return mqttPresence.left(known, next);
      }
      if (known?.connectionId !== connectionId || known.ocpp === undefined || known.transport === undefined) return;
      const { connectionId: _gone, ...rest } = known;
      rows.set(stationId, { ...row, connectivity: { ...rest, disconnectedAt: at } });
      return { connectionId, ocpp: known.ocpp, transport: known.transport };
    },
    spoke: async ({ stationId, ...word }) => {
      const row = rows.get(stationId);
      const next = row && mqttPresence.spoke(row.connectivity, word, row.lastSeenAt);
      if (next !== undefined) rows.set(stationId, { ...row, connectivity: next });
      return next;
    },
    seen: async (stationId, at, notedBefore) => {
      const row = rows.get(stationId);
      if (row === undefined) return undefined;
      if (row.lastSeenAt !== undefined && row.lastSeenAt > notedBefore) return row.lastSeenAt;
      rows.set(stationId, { ...row, lastSeenAt: at });
      return at;
    },
  };
};
