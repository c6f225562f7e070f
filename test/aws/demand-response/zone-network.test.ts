import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { zoneNetwork } from '../../../aws/demand-response/zone-network.ts';
import { connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { stationRegistry } from '../../../aws/dynamodb/station-registry.ts';
import { system } from '../../../runtime/system.ts';
import type { ZoneNetwork } from '../../../use-cases/ports/demand-response/zone-network.ts';
import { charging, connector } from '../../domain/alerts/fixtures.ts';
import { registration } from '../../fakes/registration.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const now = Date.parse('2026-07-01T17:00:00Z');
const connectors = [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }];

/** Two stations in zone west, of two sites, and one elsewhere; a car charges at the second. */
const stations = [
  { stationId: 'W2', siteId: 'depot', zoneId: 'west', timeZone: 'America/Los_Angeles', connectors },
  { stationId: 'W1', siteId: 'mall', zoneId: 'west', timeZone: 'America/Denver', connectors },
  { stationId: 'E1', siteId: 'depot', zoneId: 'east', timeZone: 'America/New_York', connectors },
];

let network: ZoneNetwork;
beforeAll(async () => {
  const endpoint = inject('dynamodbEndpoint');
  const [raw, client] = [localClient(endpoint), localDocuments(endpoint)];
  const tables = {
    stations: await createTable(raw, 'stations'),
    connectors: await createTable(raw, 'connectors'),
    grid: await createTable(raw, 'grid'),
  };
  for (const one of stations) await stationRegistry(tables.stations, system, client).put(registration(one));
  const { session } = charging(1, { powerW: 20_000, sampledAt: now - 5_000 });
  const live = { ...connector(), stationId: 'W2', evseId: 1, connectorId: 1, ...(session && { session }) };
  await client.send(new PutCommand({ TableName: tables.connectors, Item: connectorItem(live) }));
  await client.send(
    new UpdateCommand({
      TableName: tables.stations,
      Key: { stationId: 'W2' },
      UpdateExpression: 'SET connectivity = :open',
      ExpressionAttributeValues: {
        ':open': { connectionId: 'c2', ocpp: '1.6', transport: 'websocket', connectedAt: now - 60_000 },
      },
    }),
  );
  network = zoneNetwork(tables, system, client);
});

describe('the network of zones', () => {
  it('knows the stations of a zone, and the zones of a site', async () => {
    expect(await network.membersOf('west')).toEqual(new Set(['W1', 'W2']));
    expect(await network.membersOf('nowhere')).toEqual(new Set());
    expect(await network.zonesOfSite('depot')).toEqual(['east', 'west']);
  });

  it('tells stations by their ids, with what is drawn at them; who is not registered is left out', async () => {
    const told = (await network.stationsOf('west', now)).map(({ stationId, loadW }) => [stationId, loadW]);
    expect(told).toEqual([
      ['W1', 0],
      ['W2', 20_000],
    ]);
    expect(await network.stationsBy(['W2', 'nobody', 'W1'], now)).toEqual(await network.stationsOf('west', now));
  });

  it('tells stations with how each is reached', async () => {
    const [first, second, ...others] = await network.reachedBy(['W2', 'nobody', 'W1'], now);
    const never = { admission: 'accepted', ocpp: undefined, connectors };
    expect(first).toEqual({ station: (await network.stationsBy(['W1'], now))[0], contact: never });
    expect(second).toEqual({
      station: (await network.stationsBy(['W2'], now))[0],
      contact: {
        ...never,
        ocpp: '1.6',
        connection: { connectionId: 'c2', ocpp: '1.6', transport: 'websocket', openedAt: now - 60_000 },
      },
    });
    expect(others).toEqual([]);
  });

  it('tells what stations draw, and since when; not where nothing fresh is known', async () => {
    const keys = (await network.stationsOf('west', now)).map(({ stationId, connectorKeys }) => ({
      stationId,
      connectorKeys,
    }));
    expect((await network.loadsOf(keys, now)).get('W2')).toEqual({ powerW: 20_000, at: now - 5_000 });
    expect((await network.loadsOf(keys, now + 200_000)).get('W2')).toBeUndefined();
  });

  it('tells the time zone of a zone or a site by its first station, and UTC without one', async () => {
    const zone = { kind: 'zone-reduction', zoneId: 'west', reductionW: 1 } as const;
    const site = { kind: 'site-curtailment', siteId: 'depot', percent: 1 } as const;
    const zones = [zone, site, { ...zone, zoneId: 'nowhere' }].map((one) => network.timeZoneOf(one));
    expect(await Promise.all(zones)).toEqual(['America/Denver', 'America/New_York', 'UTC']);
  });
});
