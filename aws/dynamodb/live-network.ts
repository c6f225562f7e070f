import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { type ConnectorStatus, connectorStatuses } from '../../domain/kernel/connector-status.ts';
import type { LiveNetwork } from '../../use-cases/ports/live-network.ts';
import { batchGet } from './batch-get.ts';
import { connectorFromItem, shardsOfStatus } from './connector-item.ts';
import { documentClient } from './document-client.ts';
import { tagKey } from './tag-list.ts';

type Keys = { readonly stationId: string; readonly connectorKey: string };
const pathOf = ({ stationId, connectorKey }: Keys): string => `${stationId}#${connectorKey}`;
const withSession = ({ session }: Connector): boolean => session !== undefined;

/**
 * The live tables as lists. Indexes of live items hold keys only, so that no meter sample is billed twice: the statuses of a
 * region are the keys of its index held against those of `byStatus` (about 150 bytes a connector), a site's its items themselves.
 */
export const liveNetwork = (
  tables: { readonly connectors: string; readonly stations: string },
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): LiveNetwork => {
  const query = async (key: string, value: string, IndexName?: string): Promise<Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.connectors,
        IndexName,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':value': value },
      },
    );
    for await (const page of pages) found.push(...(page.Items ?? []));
    return found;
  };
  const keysOf = async (index: string, key: string, value: string): Promise<Keys[]> =>
    (await query(key, value, index)).map(({ stationId, connectorKey }) => ({
      stationId: String(stationId),
      connectorKey: String(connectorKey),
    }));
  const connectorsOf = async (index: string, key: string, value: string): Promise<readonly Connector[]> =>
    (await batchGet(client, system, tables.connectors, await keysOf(index, key, value))).map(connectorFromItem);

  const ofStation = async (stationId: string): Promise<readonly Connector[]> =>
    (await query('stationId', stationId)).map(connectorFromItem);
  const ofSite = (siteId: string): Promise<readonly Connector[]> => connectorsOf('bySite', 'siteId', siteId);

  /** By path, so that a connector whose status changes between two reads counts once. */
  const statusByPath = async (): Promise<ReadonlyMap<string, ConnectorStatus>> => {
    const shards = connectorStatuses.flatMap((status) => shardsOfStatus(status).map((shard) => ({ status, shard })));
    const byStatus = await Promise.all(
      shards.map(async ({ status, shard }) =>
        (await keysOf('byStatus', 'statusShard', shard)).map((keys) => [pathOf(keys), status] as const),
      ),
    );
    return new Map(byStatus.flat());
  };

  return {
    connectors: { ofStation, ofSite },
    siteIds: async () => {
      const found = new Set<string>();
      const pages = paginateScan(
        { client },
        { TableName: tables.stations, IndexName: 'bySite', ProjectionExpression: 'siteId' },
      );
      for await (const page of pages) for (const { siteId } of page.Items ?? []) found.add(siteId);
      return [...found].sort();
    },
    statuses: {
      ofSite: async (siteId) => (await ofSite(siteId)).map(({ place, status }) => ({ zoneId: place.zoneId, status })),
      ofRegion: async (region) => {
        const [keys, statuses] = await Promise.all([keysOf('byRegion', 'region', region), statusByPath()]);
        return keys.flatMap((key) => statuses.get(pathOf(key)) ?? []);
      },
      ofNetwork: async () => [...(await statusByPath()).values()],
    },
    running: {
      ofStation: async (stationId) => (await ofStation(stationId)).filter(withSession),
      ofSite: async (siteId) => (await connectorsOf('activeBySite', 'activeSiteId', siteId)).filter(withSession),
      ofTag: async (tag) => (await connectorsOf('byActiveTag', 'activeTag', tagKey(tag))).filter(withSession),
    },
  };
};
