import { describe, expect, inject, it } from 'vitest';
import { stationConnectivity } from '../../../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../../../aws/dynamodb/station-registry.ts';
import { system } from '../../../runtime/system.ts';
import type { StationConnectivity } from '../../../use-cases/ports/station-connectivity.ts';
import { registration } from '../../fakes/registration.ts';
import { fakeStationConnectivity } from '../../fakes/station-connectivity.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const inDynamodb = async (): Promise<StationConnectivity> => {
  const endpoint = inject('dynamodbEndpoint');
  const table = await createTable(localClient(endpoint), 'stations');
  await stationRegistry(table, system, localDocuments(endpoint)).put(registration());
  return stationConnectivity(table, localDocuments(endpoint));
};
const stores: [string, () => Promise<StationConnectivity>][] = [
  ['the fake', async () => fakeStationConnectivity('CP01')],
  ['DynamoDB', inDynamodb],
];

const opening = (connectionId: string, at: number, stationId = 'CP01') =>
  ({ stationId, connectionId, ocpp: '1.6', transport: 'websocket', at }) as const;
const open = (connectionId: string, connectedAt: number) => ({
  connectionId,
  ocpp: '1.6',
  transport: 'websocket',
  connectedAt,
});

describe.each(stores)('connectivity: %s', (_name, make) => {
  it('records an opening and gives back the one it replaces', async () => {
    const store = await make();
    const outcomes = [await store.open(opening('a', 1_000)), await store.open(opening('b', 1_000))];
    expect([outcomes, await store.newest('CP01')]).toEqual([
      [{ outcome: 'recorded' }, { outcome: 'recorded', previous: open('a', 1_000) }],
      open('b', 1_000),
    ]);
  });

  it('keeps the newest when an older opening comes late', async () => {
    const store = await make();
    await store.open(opening('b', 2_000));
    expect([await store.open(opening('a', 1_999)), await store.newest('CP01')]).toEqual([
      { outcome: 'outdated' },
      open('b', 2_000),
    ]);
  });

  it('stores nothing for an unknown station', async () => {
    const store = await make();
    expect([
      await store.open(opening('a', 1_000, 'CP99')),
      await store.close({ stationId: 'CP99', connectionId: 'a', at: 1 }),
      await store.seen('CP99', 2, 1),
      await store.newest('CP99'),
    ]).toEqual([{ outcome: 'unknownStation' }, undefined, undefined, undefined]);
  });

  it('closes the current connection once, and no other', async () => {
    const store = await make();
    await store.open(opening('a', 1_000));
    const close = (connectionId: string, at: number) => store.close({ stationId: 'CP01', connectionId, at });
    expect([await close('z', 1_500), await close('a', 2_000), await close('a', 2_500)]).toEqual([
      undefined,
      { connectionId: 'a', ocpp: '1.6', transport: 'websocket' },
      undefined,
    ]);
    expect(await store.newest('CP01')).toEqual({
      ocpp: '1.6',
      transport: 'websocket',
      connectedAt: 1_000,
      disconnectedAt: 2_000,
    });
  });

  it('can be opened again after it closed', async () => {
    const store = await make();
    await store.open(opening('a', 1_000));
    await store.close({ stationId: 'CP01', connectionId: 'a', at: 2_000 });
    await store.open(opening('b', 3_000));
    expect(await store.newest('CP01')).toEqual(open('b', 3_000));
  });

  it('orders MQTT sessions by their versions, and opens none that has ended', async () => {
    const store = await make();
    const session = (version: number, at: number) => ({ stationId: 'CP01', connectionId: `s${version}`, at, version });
    const mqtt = { ocpp: '2.0.1', transport: 'mqtt' } as const;
    const outcomes = [
      await store.close(session(0, 900)),
      await store.open({ ...session(0, 800), ...mqtt }),
      await store.open({ ...session(2, 5_000), ...mqtt }),
      await store.open({ ...session(1, 6_000), ...mqtt }),
      await store.close(session(1, 6_100)),
      await store.open({ ...session(3, 4_000), ...mqtt }),
      await store.open({ ...session(3, 4_000), ...mqtt }),
      await store.close(session(3, 7_000)),
      await store.open({ ...session(3, 4_000), ...mqtt }),
    ].map((told) => (told !== undefined && 'outcome' in told ? told.outcome : told));
    const [outdated, recorded] = ['outdated', 'recorded'];
    expect([outcomes, await store.newest('CP01')]).toEqual([
      [
        undefined,
        outdated,
        recorded,
        outdated,
        undefined,
        recorded,
        recorded,
        { connectionId: 's3', ...mqtt },
        outdated,
      ],
      { ...mqtt, connectedAt: 5_001, disconnectedAt: 7_000, version: 3 },
    ]);
  });

  it('notes a session that could not be told once its station speaks for minutes, and ends it by what is told of its end', async () => {
    const store = await make();
    const mqtt = { ocpp: '1.6', transport: 'mqtt' } as const;
    const minute = 60_000;
    const spoke = (at: number) => store.spoke({ stationId: 'CP01', connectionId: `untold-${at}`, ocpp: '1.6', at });
    await store.open({ stationId: 'CP01', connectionId: 's3', at: minute, version: 3, ...mqtt });
    await store.close({ stationId: 'CP01', connectionId: 's3', at: 10 * minute, version: 3 });
    const before = await spoke(30 * minute);
    await store.seen('CP01', 30 * minute, 20 * minute);
    const spoken = [before, await spoke(33 * minute), await spoke(39 * minute), await spoke(48 * minute)];
    const session = {
      connectionId: `untold-${39 * minute}`,
      ...mqtt,
      connectedAt: 39 * minute,
      isUntold: true,
      version: 3,
    };
    expect([spoken, await store.newest('CP01')]).toEqual([[undefined, undefined, session, undefined], session]);
    const left = await store.close({ stationId: 'CP01', connectionId: 's4', at: 60 * minute, version: 4 });
    expect([left?.connectionId, await store.newest('CP01')]).toEqual([
      session.connectionId,
      {
        ...mqtt,
        connectedAt: 39 * minute,
        disconnectedAt: 60 * minute,
        version: 4,
        closedUnopened: { version: 4, at: 60 * minute },
      },
    ]);
  });

  it('notes no session of a station that is unknown, however long it speaks', async () => {
    const store = await make();
    const word = { stationId: 'CP99', connectionId: 'untold', ocpp: '1.6', at: 9_000_000 } as const;
    expect([await store.spoke(word), await store.newest('CP99')]).toEqual([undefined, undefined]);
  });

  it('opens a socket of a station of which only the end of an MQTT session is known', async () => {
    const store = await make();
    await store.close({ stationId: 'CP01', connectionId: 's0', at: 900, version: 0 });
    expect([(await store.open(opening('a', 1_000))).outcome, await store.newest('CP01')]).toEqual([
      'recorded',
      open('a', 1_000),
    ]);
  });

  it('notes nothing of an MQTT session of an unknown station', async () => {
    const store = await make();
    expect([
      await store.close({ stationId: 'CP99', connectionId: 's1', at: 1, version: 1 }),
      await store.newest('CP99'),
    ]).toEqual([undefined, undefined]);
  });

  it('notes a station as seen unless somebody did so after the given instant', async () => {
    const store = await make();
    expect([
      await store.seen('CP01', 1_000, 900),
      await store.seen('CP01', 1_050, 999),
      await store.seen('CP01', 1_100, 1_000),
      await store.seen('CP01', 1_150, 1_099),
    ]).toEqual([1_000, 1_000, 1_100, 1_100]);
  });

  it('notes the end of an MQTT session that was not told yet without touching when the station was seen', async () => {
    const store = await make();
    const session = (connectionId: string, version: number, at: number) =>
      ({ ...opening(connectionId, at), transport: 'mqtt', version }) as const;
    await store.open(session('s0', 0, 1_000));
    await store.seen('CP01', 5_000_000, 4_000_000);
    await store.close(session('s1', 1, 5_100_000));
    expect(await store.seen('CP01', 5_200_000, 4_500_000)).toBe(5_000_000);
  });

  it('counts an opening as seen', async () => {
    const store = await make();
    await store.open(opening('a', 1_000));
    expect(await store.seen('CP01', 1_200, 999)).toBe(1_000);
  });
});
