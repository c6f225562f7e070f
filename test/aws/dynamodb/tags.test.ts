import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { activeTags } from '../../../aws/dynamodb/active-tags.ts';
import { connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { tagList } from '../../../aws/dynamodb/tag-list.ts';
import type { TagList } from '../../../use-cases/ports/tag-list.ts';
import { fakeTagList } from '../../fakes/tag-list.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const documents = () => localDocuments(inject('dynamodbEndpoint'));
const table = (name: 'tags' | 'connectors') => createTable(localClient(inject('dynamodbEndpoint')), name);

const lists: [string, () => Promise<TagList>][] = [
  ['the fake', async () => fakeTagList()],
  ['DynamoDB', async () => tagList(await table('tags'), documents())],
];

describe.each(lists)('a tag list: %s', (_name, open) => {
  it('finds a tag in whatever case it is presented', async () => {
    const list = await open();
    await list.put({ tag: 'aB12', status: 'Blocked', expiresAt: 5, parentTag: 'G1', maxSessions: 3 });
    const entry = { tag: 'AB12', status: 'Blocked', expiresAt: 5, parentTag: 'G1', maxSessions: 3 };
    expect([await list.find('Ab12'), await list.find('AB1')]).toEqual([entry, undefined]);
  });

  it('replaces, lists by tag, and removes once', async () => {
    const list = await open();
    await list.put({ tag: 'T2', status: 'Accepted', parentTag: 'G1' });
    await list.put({ tag: 't2', status: 'Invalid' });
    await list.put({ tag: 'T1', status: 'Accepted' });
    const before = await list.list();
    expect([before, await list.remove('t1'), await list.remove('T1'), await list.list()]).toEqual([
      [
        { tag: 'T1', status: 'Accepted' },
        { tag: 'T2', status: 'Invalid' },
      ],
      true,
      false,
      [{ tag: 'T2', status: 'Invalid' }],
    ]);
  });
});

describe('active tags', () => {
  it('name the connectors on which a tag has an open session, in whatever case they sent it', async () => {
    const [name, client] = [await table('connectors'), documents()];
    const place = { siteId: 'S1', zoneId: 'Z1', region: 'R1', timeZone: 'UTC', connectorType: 'CCS', ratedW: 1 };
    const put = async (stationId: string, evseId: number, tag: string | undefined) => {
      const session = {
        sessionId: `${stationId}-1`,
        transactionId: '1',
        startedAt: 1,
        energyWh: 0,
        curve: [],
        flags: [],
        ...(tag !== undefined && { tag }),
      };
      const rest = {
        status: 'charging',
        statusAt: 1,
        recent: [],
        lastSeenAt: 1,
        guard: 'g',
        rev: 1,
        outbox: [],
      } as const;
      const Item = connectorItem({ stationId, evseId, connectorId: 1, place, session, ...rest });
      await client.send(new PutCommand({ TableName: name, Item }));
    };
    await put('CP01', 1, 'T1');
    await put('CP02', 2, 't1');
    await put('CP03', 1, 'T2');
    await put('CP04', 1, undefined);
    const active = activeTags(name, client);
    expect([
      [...(await active.connectorsOf('T1'))].sort((a, b) => (a.stationId < b.stationId ? -1 : 1)),
      await active.connectorsOf('T9'),
    ]).toEqual([
      [
        { stationId: 'CP01', connectorKey: '1#1' },
        { stationId: 'CP02', connectorKey: '2#1' },
      ],
      [],
    ]);
  });
});
