import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import { FRESH_SAMPLE_MS } from '../../domain/demand-response/present-load-w.ts';
import {
  measuredLoad,
  type ZoneConnector,
  type ZoneStation,
  zoneStationOf,
} from '../../domain/demand-response/zone-station.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { StationContact } from '../../use-cases/ports/commands/mailbox-store.ts';
import type { ReachedStation, ZoneNetwork } from '../../use-cases/ports/demand-response/zone-network.ts';
import { contactAttributes, contactOf } from '../commands/contact-of.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import type { ConnectorItem } from '../dynamodb/connector-item.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { stationFromItem } from '../dynamodb/station-item.ts';
import { participationStore } from './participation-store.ts';

type Found = {
  readonly registration: Registration;
  readonly state: StationState | undefined;
  readonly contact: StationContact;
};
type StationKeys = { readonly stationId: string; readonly connectorKeys: readonly string[] };

/** What is read of a connector: what else its item holds is larger than this, and packed. */
const ofConnector = ['stationId', 'evseId', 'connectorId', 'session'] as const;
// Items of this table have one writer: what it wrote is what comes back.
const zoneConnector = (item: Readonly<Record<string, unknown>>): ZoneConnector =>
  item as Pick<ConnectorItem, (typeof ofConnector)[number]>;

/**
 * The stations of a zone, from the registry by its index, and their connectors by their keys: 100 items a request. Samples that
 * are older than `freshMs` do not count.
 */
export const zoneNetwork = (
  tables: { readonly stations: string; readonly connectors: string; readonly grid: string },
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
  freshMs = FRESH_SAMPLE_MS,
): ZoneNetwork => {
  const idsBy = async (IndexName: string, key: string, value: string): Promise<readonly string[]> => {
    const ids: string[] = [];
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
    for await (const page of pages) for (const { stationId } of page.Items ?? []) ids.push(String(stationId));
    return ids;
  };

  const registered = async (stationIds: readonly string[]): Promise<readonly Found[]> => {
    const keys = stationIds.map((stationId) => ({ stationId }));
    const items = await batchGet(client, system, tables.stations, keys, { attributes: contactAttributes });
    return items.map(stationFromItem).flatMap((station) => {
      const { registration, state } = station;
      const contact = contactOf(station);
      return registration && contact ? [{ registration, state, contact }] : [];
    });
  };

  const connectorsOf = async (
    stations: readonly StationKeys[],
  ): Promise<ReadonlyMap<string, readonly ZoneConnector[]>> => {
    const keys = stations.flatMap(({ stationId, connectorKeys }) =>
      connectorKeys.map((connectorKey) => ({ stationId, connectorKey })),
    );
    const items = await batchGet(client, system, tables.connectors, keys, { attributes: ofConnector });
    return Map.groupBy(items.map(zoneConnector), ({ stationId }) => stationId);
  };

  const participations = participationStore(tables.grid, system, client);

  const reachedBy = async (stationIds: readonly string[], now: number): Promise<readonly ReachedStation[]> => {
    const found = await registered(stationIds);
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
      .map(({ registration, state, contact }) => {
        const { stationId, siteId } = registration;
        const connectors = live.get(stationId) ?? [];
        const participation = participationAt(siteId);
        const station = zoneStationOf(registration, connectors, state?.capabilities, participation, now, freshMs);
        return { station, contact };
      })
      .sort((one, other) => (one.station.stationId < other.station.stationId ? -1 : 1));
  };

  const stationsBy = async (stationIds: readonly string[], now: number): Promise<readonly ZoneStation[]> =>
    (await reachedBy(stationIds, now)).map(({ station }) => station);

  return {
    membersOf: async (zoneId) => new Set(await idsBy('byZone', 'zoneId', zoneId)),
    stationsOf: async (zoneId, now) => stationsBy(await idsBy('byZone', 'zoneId', zoneId), now),
    stationsBy,
    reachedBy,
    zonesOfSite: async (siteId) => {
      const found = await registered(await idsBy('bySite', 'siteId', siteId));
      return [...new Set(found.map(({ registration }) => registration.zoneId))].sort();
    },
    timeZoneOf: async (asked) => {
      const ids =
        asked.kind === 'site-curtailment'
          ? await idsBy('bySite', 'siteId', asked.siteId)
          : await idsBy('byZone', 'zoneId', asked.zoneId);
      const [found] = await registered(ids.toSorted().slice(0, 1));
      return found?.registration.timeZone ?? 'UTC';
    },
    loadsOf: async (stations, now) => {
      const live = await connectorsOf(stations);
      return new Map(
        stations.flatMap(({ stationId }) => {
          const load = measuredLoad(live.get(stationId) ?? [], now, freshMs);
          return load === undefined ? [] : [[stationId, load] as const];
        }),
      );
    },
  };
};
