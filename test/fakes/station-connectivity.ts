import type { OcppVersion, Transport } from '../../ocpp/frames/envelope.ts';
import type { StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';

type Known = {
  connectionId?: string;
  ocpp: OcppVersion;
  transport: Transport;
  connectedAt: number;
  disconnectedAt?: number;
};
type Row = { connectivity?: Known; lastSeenAt?: number };

/** Connectivity in memory, for tests, of the stations named. */
export const fakeStationConnectivity = (...stationIds: readonly string[]): StationConnectivity => {
  const rows = new Map<string, Row>(stationIds.map((stationId) => [stationId, {}]));
  return {
    open: async ({ stationId, at, ...opened }) => {
      const row = rows.get(stationId);
      if (row === undefined) return { outcome: 'unknownStation' };
      const previous = row.connectivity;
      if (previous !== undefined && previous.connectedAt > at) return { outcome: 'outdated' };
      rows.set(stationId, { connectivity: { ...opened, connectedAt: at }, lastSeenAt: at });
      return previous === undefined ? { outcome: 'recorded' } : { outcome: 'recorded', previous };
    },
    newest: async (stationId) => rows.get(stationId)?.connectivity,
    close: async ({ stationId, connectionId, at }) => {
      const row = rows.get(stationId);
      if (row?.connectivity?.connectionId !== connectionId) return undefined;
      const { connectionId: _gone, ...rest } = row.connectivity;
      rows.set(stationId, { ...row, connectivity: { ...rest, disconnectedAt: at } });
      return { ocpp: rest.ocpp, transport: rest.transport };
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
