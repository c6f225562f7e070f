import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, inject, it } from 'vitest';
import { alertHistory } from '../../../aws/dynamodb/alert-history.ts';
import { toAlertItem } from '../../../aws/dynamodb/alert-item.ts';
import { connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { fleetScan } from '../../../aws/dynamodb/fleet-scan.ts';
import { stationRegistry } from '../../../aws/dynamodb/station-registry.ts';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { system } from '../../../runtime/system.ts';
import { connector, minute } from '../../domain/alerts/fixtures.ts';
import { registration } from '../../fakes/registration.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const tablesOf = async () => {
  const endpoint = inject('dynamodbEndpoint');
  const raw = localClient(endpoint);
  const [connectors, stations, alerts] = [
    await createTable(raw, 'connectors'),
    await createTable(raw, 'stations'),
    await createTable(raw, 'alerts'),
  ];
  return { connectors, stations, alerts, documents: localDocuments(endpoint) };
};

it('reads every station and connector once, whatever the number of segments', async () => {
  const { connectors, stations, documents } = await tablesOf();
  const ids = Array.from({ length: 12 }, (_, index) => `CP${index}`);
  for (const stationId of ids) {
    await stationRegistry(stations, system, documents).put(registration({ stationId }));
    for (const evseId of [1, 2]) {
      const Item = connectorItem(connector({ stationId, evseId }));
      await documents.send(new PutCommand({ TableName: connectors, Item }));
    }
  }
  const scan = fleetScan({ connectors, stations }, system, documents);
  const found = { stations: [] as string[], connectors: [] as string[], readUnits: 0 };
  for (let index = 0; index < 3; index += 1) {
    for await (const { items, readUnits } of scan.stations({ index, total: 3 })) {
      found.stations.push(...items.map(({ stationId }) => stationId));
      found.readUnits += readUnits;
    }
    for await (const { items } of scan.connectors({ index, total: 3 }))
      found.connectors.push(...items.map(({ stationId, evseId }) => `${stationId}#${evseId}`));
  }
  expect((await scan.connectorsOf('CP3')).items.map(({ stationId, evseId }) => `${stationId}#${evseId}`)).toEqual([
    'CP3#1',
    'CP3#2',
  ]);
  expect(await scan.known(['CP3', 'CP99', 'CP3'])).toEqual(new Set(['CP3']));
  expect([found.stations.sort(), found.connectors.sort(), found.readUnits > 0]).toEqual([
    ids.toSorted(),
    ids.flatMap((id) => [`${id}#1`, `${id}#2`]).sort(),
    true,
  ]);
});

it('reads on where a page of 1 MB ends', async () => {
  const { connectors, stations, documents } = await tablesOf();
  const registry = stationRegistry(stations, system, documents);
  const ids = Array.from({ length: 6 }, (_, index) => `LARGE${index}`);
  for (const stationId of ids) await registry.put(registration({ stationId, vendor: 'x'.repeat(300_000) }));
  const pages = await Array.fromAsync(
    fleetScan({ connectors, stations }, system, documents).stations({ index: 0, total: 1 }),
  );
  const found = pages.flatMap(({ items }) => items.map(({ stationId }) => stationId));
  expect([pages.length > 1, found.sort()]).toEqual([true, ids]);
  expect((await registry.list()).map(({ stationId }) => stationId)).toEqual(ids);
});

it('tells the alerts of a site over a period, and how many stations it has', async () => {
  const { stations, alerts, documents } = await tablesOf();
  const alert = (name: string, since: number, raisedAt: number, siteId: string): Alert => ({
    alertId: `${name}|site:${siteId}|${new Date(since).toISOString()}`,
    condition: `${name}|site:${siteId}`,
    rule: name,
    subject: { kind: 'site', siteId, zoneId: 'Z1', region: 'R1' },
    severity: 'major',
    phase: 'open',
    summary: '',
    detail: {},
    since,
    holds: true,
    raisedAt,
    raises: 1,
    starts: [raisedAt],
    openForMs: 0,
    seen: [],
    version: 1,
    rev: 1,
    outbox: [],
  });
  const within = alert('a', minute(1), minute(2), 'S1');
  const others = [
    alert('b', minute(-9), minute(-9), 'S1'),
    alert('c', minute(70), minute(70), 'S1'),
    alert('d', minute(1), minute(1), 'S2'),
  ];
  for (const one of [within, ...others])
    await documents.send(new PutCommand({ TableName: alerts, Item: toAlertItem(one) }));
  await stationRegistry(stations, system, documents).put(registration({ stationId: 'CP1' }));
  await stationRegistry(stations, system, documents).put(registration({ stationId: 'CP2', siteId: 'S2' }));
  const history = alertHistory({ alerts, stations }, documents);
  expect([await history.ofSite('S1', minute(0), minute(60)), await history.stationsOf('S1')]).toEqual([[within], 1]);
});
