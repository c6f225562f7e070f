import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { aggregateStore } from '../../../aws/dynamodb/aggregate-store.ts';
import { connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { liveNetwork } from '../../../aws/dynamodb/live-network.ts';
import { stationRegistry } from '../../../aws/dynamodb/station-registry.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import { system } from '../../../runtime/system.ts';
import type { LiveNetwork } from '../../../use-cases/ports/live-network.ts';
import { charging, connector, stationState } from '../../domain/alerts/fixtures.ts';
import { registration } from '../../fakes/registration.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const client = localDocuments(inject('dynamodbEndpoint'));
const at = (stationId: string, siteId: string, region: string, patch: Partial<Connector> = {}): Connector => {
  const plain = connector();
  return { ...plain, stationId, place: { ...plain.place, siteId, region }, ...patch };
};
const withTag = (one: Connector, tag: string): Connector => {
  const { session } = charging(1, { sessionId: `${one.stationId}.1.a`, tag });
  return session ? { ...one, status: 'charging', session } : one;
};

let network: LiveNetwork;
let tables: { connectors: string; stations: string };
beforeAll(async () => {
  const raw = localClient(inject('dynamodbEndpoint'));
  tables = { connectors: await createTable(raw, 'connectors'), stations: await createTable(raw, 'stations') };
  const connectors = [
    withTag(at('a1', 'A', 'north'), 'tag-1'),
    at('a2', 'A', 'north', { status: 'faulted' }),
    withTag(at('b1', 'B', 'south'), 'TAG-1'),
    at('c1', 'C', 'north'),
  ];
  for (const Item of connectors.map(connectorItem))
    await client.send(new PutCommand({ TableName: tables.connectors, Item }));
  for (const [stationId, siteId] of [
    ['a1', 'A'],
    ['a2', 'A'],
    ['b1', 'B'],
  ] as const)
    await stationRegistry(tables.stations, system, client).put(registration({ stationId, siteId }));
  network = liveNetwork(tables, system, client);
});

describe('the live network', () => {
  it('names every site with a registered station once', async () => {
    expect(await network.siteIds()).toEqual(['A', 'B']);
  });

  it('tells the statuses of a site, a region and all', async () => {
    const { statuses } = network;
    expect((await statuses.ofSite('A')).map(({ zoneId, status }) => `${zoneId} ${status}`).sort()).toEqual([
      'zone-1 charging',
      'zone-1 faulted',
    ]);
    expect([[...(await statuses.ofRegion('north'))].sort(), [...(await statuses.ofNetwork())].sort()]).toEqual([
      ['available', 'charging', 'faulted'],
      ['available', 'charging', 'charging', 'faulted'],
    ]);
  });

  it('finds running sessions by station, site and tag', async () => {
    const { running } = network;
    const ids = (found: readonly Connector[]) => found.map(({ session }) => session?.sessionId).sort();
    expect([
      ids(await running.ofStation('a1')),
      ids(await running.ofStation('a2')),
      ids(await running.ofSite('A')),
      ids(await running.ofTag('Tag-1')),
    ]).toEqual([['a1.1.a'], [], ['a1.1.a'], ['a1.1.a', 'b1.1.a']]);
  });
});

describe('index byModel', () => {
  it('holds a station under the model and firmware it last told', async () => {
    const store = aggregateStore(tables, client);
    const write = (guard: string, readGuard: string, firmware: string) =>
      store.commit(
        [{ kind: 'station', readGuard, item: stationState({ stationId: 'a1', guard, model: 'Fifty', firmware }) }],
        false,
      );
    const keys = async (firmware: string) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tables.stations,
          IndexName: 'byModel',
          KeyConditionExpression: 'model = :model AND begins_with(modelPath, :firmware)',
          ExpressionAttributeValues: { ':model': 'Fifty', ':firmware': `${firmware}#` },
        }),
      );
      return Items.map(({ stationId }) => stationId);
    };
    expect(await write('01#2', '', '1.0')).toBe('committed');
    expect([await keys('1.0'), await keys('1')]).toEqual([['a1'], []]);
    expect(await write('01#3', '01#2', '1.1')).toBe('committed');
    expect([await keys('1.0'), await keys('1.1')]).toEqual([[], ['a1']]);
  });
});
