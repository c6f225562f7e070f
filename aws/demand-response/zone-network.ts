import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { measuredLoad, zoneStationOf } from '../../domain/demand-response/zone-station.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { ZoneNetwork } from '../../use-cases/ports/demand-response/zone-network.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { connectorFromItem } from '../dynamodb/connector-item.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { stationFromItem } from '../dynamodb/station-item.ts';
import { participationStore } from './participation-store.ts';

type Found = { readonly registration: Registration; readonly state: StationState | undefined };
type StationKeys = { readonly stationId: string; readonly connectorKeys: readonly string[] };

/** The stations of a zone, from the registry by its index, and their connectors by their keys: 100 items a request. */
export const zoneNetwork = (
  tables: { readonly stations: string; readonly connectors: string; readonly grid: string },
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): ZoneNetwork => {
  const stationsBy = async (
    IndexName: string,
    key: string,
    value: string,
    except: ReadonlySet<string> = new Set(),
  ): Promise<readonly Found[]> => {
    const keys: { stationId: string }[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.stations,
        IndexName,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':value': value },
      },
    );
    for await (const page of pages)
      for (const { stationId } of page.Items ?? []) if (!except.has(stationId)) keys.push({ stationId });
    const items = await batchGet(client, system, tables.stations, keys);
    return items
      .map(stationFromItem)
      .flatMap(({ registration, state }) => (registration ? [{ registration, state }] : []));
  };

  const connectorsOf = async (stations: readonly StationKeys[]): Promise<ReadonlyMap<string, readonly Connector[]>> => {
    const keys = stations.flatMap(({ stationId, connectorKeys }) =>
      connectorKeys.map((connectorKey) => ({ stationId, connectorKey })),
    );
    const items = await batchGet(client, system, tables.connectors, keys);
    return Map.groupBy(items.map(connectorFromItem), ({ stationId }) => stationId);
  };

  const participations = participationStore(tables.grid, system, client);

  return {
    stationsOf: async (zoneId, now, except) => {
      const found = await stationsBy('byZone', 'zoneId', zoneId, except);
      const live = await connectorsOf(
        found.map(({ registration: { stationId, connectors } }) => ({
          stationId,
          connectorKeys: connectors.map(connectorSortKey),
        })),
      );
      const siteIds = new Set(found.map(({ registration: { siteId } }) => siteId));
      const tags = [...live.values()].flat().flatMap(({ session }) => session?.tag ?? []);
      const participationAt = await participations.ofStations([...siteIds], tags);
      return found
        .map(({ registration, state }) => {
          const { stationId, siteId } = registration;
          return zoneStationOf(
            registration,
            live.get(stationId) ?? [],
            state?.capabilities,
            participationAt(siteId),
            now,
          );
        })
        .sort((one, other) => (one.stationId < other.stationId ? -1 : 1));
    },
    zonesOfSite: async (siteId) => {
      const zones = new Set(
        (await stationsBy('bySite', 'siteId', siteId)).map(({ registration }) => registration.zoneId),
      );
      return [...zones].sort();
    },
    loadsOf: async (stations, now) => {
      const live = await connectorsOf(stations);
      return new Map(
        stations.flatMap(({ stationId }) => {
          const load = measuredLoad(live.get(stationId) ?? [], now);
          return load === undefined ? [] : [[stationId, load] as const];
        }),
      );
    },
  };
};
