import { PutCommand, type ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { stationConnectivity } from '../../../aws/dynamodb/station-connectivity.ts';
import { stateAttribute } from '../../../aws/dynamodb/station-item.ts';
import { stationRegistry } from '../../../aws/dynamodb/station-registry.ts';
import { blankStation } from '../../../domain/station/station-state.ts';
import { system } from '../../../runtime/system.ts';
import type { StationRegistry } from '../../../use-cases/ports/station-registry.ts';
import { registration } from '../../fakes/registration.ts';
import { fakeStationRegistry } from '../../fakes/station-registry.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const table = () => createTable(localClient(inject('dynamodbEndpoint')), 'stations');
const documents = () => localDocuments(inject('dynamodbEndpoint'));

const registries: [string, () => Promise<StationRegistry>][] = [
  ['the fake', async () => fakeStationRegistry()],
  ['DynamoDB', async () => stationRegistry(await table(), system, documents())],
];

describe.each(registries)('a station registry: %s', (_name, open) => {
  it('finds what was put, and nothing else', async () => {
    const registry = await open();
    await registry.put(registration({ contractMaxW: 100_000, latitude: 51.5 }));
    expect([await registry.find('CP01'), await registry.find('CP02')]).toEqual([
      registration({ contractMaxW: 100_000, latitude: 51.5 }),
      undefined,
    ]);
  });

  it('replaces a registration as a whole', async () => {
    const registry = await open();
    await registry.put(registration({ vendor: 'V' }));
    await registry.put(registration({ siteId: 'S2' }));
    expect([await registry.find('CP01'), await registry.list('S1'), await registry.list('S2')]).toEqual([
      registration({ siteId: 'S2' }),
      [],
      [registration({ siteId: 'S2' })],
    ]);
  });

  it('lists a site and the network by id', async () => {
    const registry = await open();
    const [a, b, c] = [
      registration({ stationId: 'A' }),
      registration({ stationId: 'B', siteId: 'S2' }),
      registration({ stationId: 'C' }),
    ];
    for (const each of [c, a, b]) await registry.put(each);
    expect([await registry.list('S1'), await registry.list(), await registry.list('S9')]).toEqual([
      [a, c],
      [a, b, c],
      [],
    ]);
  });

  it('lists a site with what its stations told of their abilities, of which nothing is known at first', async () => {
    const registry = await open();
    const [a, b] = [registration({ stationId: 'A' }), registration({ stationId: 'B', siteId: 'S2' })];
    for (const each of [b, a]) await registry.put(each);
    expect([await registry.listAble('S1'), await registry.listAble('S9')]).toEqual([[{ registration: a }], []]);
  });

  it('removes a registration once', async () => {
    const registry = await open();
    await registry.put(registration());
    expect([
      await registry.remove('CP01', 1),
      await registry.remove('CP01', 2),
      await registry.remove('CP99', 3),
    ]).toEqual([true, false, false]);
    expect([await registry.find('CP01'), await registry.list(), await registry.list('S1')]).toEqual([
      undefined,
      [],
      [],
    ]);
  });
});

describe.each(registries)('former registrations: %s', (_name, open) => {
  it('are kept each time a station is removed, with when it went out of service', async () => {
    const registry = await open();
    const [a, moved, b] = [
      registration({ stationId: 'A' }),
      registration({ stationId: 'A', siteId: 'S2', commissionedAt: 6_000 }),
      registration({ stationId: 'B' }),
    ];
    await registry.put(b);
    await registry.remove('B', 4_000);
    await registry.put(a);
    await registry.remove('A', 5_000);
    await registry.put(moved);
    await registry.remove('A', 7_000);
    await registry.put(a);
    const [was, wasMoved, wasB] = [
      { ...a, decommissionedAt: 5_000 },
      { ...moved, decommissionedAt: 7_000 },
      { ...b, decommissionedAt: 4_000 },
    ];
    expect(await registry.former()).toEqual([was, wasMoved, wasB]);
    expect(await registry.find('A')).toEqual(a);
  });
});

describe('the registry in DynamoDB', () => {
  it('leaves alone what others keep about the station', async () => {
    const [name, client] = [await table(), documents()];
    const registry = stationRegistry(name, system, client);
    await registry.put(registration());
    const connectivity = stationConnectivity(name, client);
    const opening = { stationId: 'CP01', connectionId: 'a', ocpp: '1.6', transport: 'websocket', at: 1_000 } as const;
    await connectivity.open(opening);
    await registry.put(registration({ siteId: 'S2' }));
    await registry.remove('CP01', 2_000);
    expect((await connectivity.newest('CP01'))?.connectionId).toBe('a');
  });

  it('reads the table for former registrations in parts side by side, once a minute however many reports are asked for', async () => {
    const [name, client] = [await table(), documents()];
    await stationRegistry(name, system, client).put(registration());
    await stationRegistry(name, system, client).remove('CP01', 5_000);
    let [now, under, most, scans] = [0, 0, 0, 0];
    const counting = {
      send: async (command: ScanCommand) => {
        scans += 1;
        under += 1;
        most = Math.max(most, under);
        return client.send(command).finally(() => {
          under -= 1;
        });
      },
    };
    const clock = { ...system, clock: () => now };
    // Paginators of the library want a client of theirs.
    const registry = stationRegistry(name, clock, Object.setPrototypeOf(counting, client));
    expect([(await registry.former()).length, (await registry.former()).length]).toEqual([1, 1]);
    expect([scans, most]).toEqual([16, 16]);
    now = 60_001;
    expect([(await registry.former()).length, scans]).toEqual([1, 32]);
  });

  it('finds the abilities of a station in its state', async () => {
    const [name, client] = [await table(), documents()];
    const capabilities = { since: 0, told: { switchesPhases: true }, refused: [] };
    const state = stateAttribute({ ...blankStation('CP01'), capabilities });
    const Item = { stationId: 'CP01', siteId: 'S1', region: 'R1', registration: registration(), state };
    await client.send(new PutCommand({ TableName: name, Item }));
    expect(await stationRegistry(name, system, client).listAble('S1')).toEqual([
      { registration: registration(), capabilities },
    ]);
  });

  it('lists more stations than one request reads', async () => {
    const [name, client] = [await table(), documents()];
    const ids = Array.from({ length: 130 }, (_, index) => `CP${String(index).padStart(3, '0')}`);
    for (const stationId of ids) {
      const Item = { stationId, siteId: 'S1', region: 'R1', registration: registration({ stationId }) };
      await client.send(new PutCommand({ TableName: name, Item }));
    }
    expect((await stationRegistry(name, system, client).list('S1')).map(({ stationId }) => stationId)).toEqual(ids);
  });
});
