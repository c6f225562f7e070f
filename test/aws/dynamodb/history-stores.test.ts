import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dirtyMarks } from '../../../aws/dynamodb/dirty-marks.ts';
import { exclusionSettings } from '../../../aws/dynamodb/exclusion-settings.ts';
import { sessionStore } from '../../../aws/dynamodb/session-store.ts';
import { sweepLease } from '../../../aws/dynamodb/sweep-lease.ts';
import { sweepProgress } from '../../../aws/dynamodb/sweep-progress.ts';
import { tariffTable } from '../../../aws/dynamodb/tariff-table.ts';
import { timeline } from '../../../aws/dynamodb/timeline.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import type { SessionRecord } from '../../../domain/tariff/session-record.ts';
import { system } from '../../../runtime/system.ts';
import {
  dirtyMarksContract,
  sessionStoreContract,
  sweepLeaseContract,
  sweepProgressContract,
  timelineContract,
} from '../../contracts/history-stores.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const T0 = Date.parse('2026-11-01T10:00:00Z');
const endpoint = inject('dynamodbEndpoint');
const client = localDocuments(endpoint);
const tables = { sessions: '', timeline: '', tariffs: '', settings: '' };

beforeAll(async () => {
  const raw = localClient(endpoint);
  tables.sessions = await createTable(raw, 'sessions');
  tables.timeline = await createTable(raw, 'timeline');
  tables.tariffs = await createTable(raw, 'tariffs');
  tables.settings = await createTable(raw, 'settings');
});

sessionStoreContract('DynamoDB', () => sessionStore(tables.sessions, client));

describe('the session store', () => {
  const record = (sessionId: string, startedAt: number, rev = 1, more: Partial<SessionRecord> = {}): SessionRecord => ({
    sessionId,
    stationId: 'S',
    evseId: 1,
    connectorId: 1,
    transactionId: '1',
    tag: 'TAG',
    startedAt,
    endedAt: startedAt + 1000,
    energyWh: 10,
    reason: 'local',
    curve: [[0, 0]],
    flags: [],
    rev,
    siteId: 'A',
    zoneId: 'Z',
    region: 'r',
    timeZone: 'UTC',
    connectorType: 'CCS',
    ratedW: 1,
    durationMs: 1000,
    hours: [],
    hoursUtc: [],
    ...more,
  });

  it('amends by a higher rev only', async () => {
    const store = sessionStore(tables.sessions, client);
    const outcomes = [
      await store.put(record('amended', T0, 2)),
      await store.put(record('amended', T0, 2, { energyWh: 11 })),
      await store.put(record('amended', T0, 1, { energyWh: 12 })),
      await store.put(record('amended', T0, 3, { energyWh: 13 })),
    ];
    expect([outcomes, (await store.find('amended'))?.energyWh]).toEqual([[true, false, false, true], 13]);
    expect(await store.find('nobody')).toBeUndefined();
  });

  it('lists by station, site and tag, in pages, either way round', async () => {
    const store = sessionStore(tables.sessions, client);
    const place = { stationId: 'L', siteId: 'LA', tag: 'LT' };
    for (const index of [0, 1, 2, 3, 4]) await store.put(record(`l${index}`, T0 + index * 1000, 1, place));
    const ids = async (by: 'station' | 'site' | 'tag', value: string) =>
      (await store.all({ by, value, fromAt: T0 + 1000, toAt: T0 + 4000 })).map(({ sessionId }) => sessionId);
    expect([await ids('station', 'L'), await ids('site', 'LA'), await ids('tag', 'LT')]).toEqual([
      ['l1', 'l2', 'l3'],
      ['l1', 'l2', 'l3'],
      ['l1', 'l2', 'l3'],
    ]);
    const selection = { by: 'site', value: 'LA', fromAt: T0, toAt: T0 + 10_000 } as const;
    const first = await store.list(selection, { limit: 2, newestFirst: true });
    const after = first.items.at(-1);
    if (!after || !first.more) throw new Error('There is more than one page');
    const second = await store.list(selection, { limit: 2, newestFirst: true, after });
    expect([...first.items, ...second.items].map(({ sessionId }) => sessionId)).toEqual(['l4', 'l3', 'l2', 'l1']);
  });

  describe('of the network', () => {
    const day = 86_400_000;
    const midnight = Date.parse('2031-03-01T00:00:00Z');
    const range = { by: 'network', fromAt: midnight + 1000, toAt: midnight + 4 * day } as const;

    it('are listed over days, in pages of any size, either way round', async () => {
      const store = sessionStore(tables.sessions, client);
      const starts = [0, 1000, 1000, 5000, day - 1, day, 3 * day + 5, 4 * day];
      const made = starts.map((start, index) => record(`n${index}`, midnight + start));
      for (const one of made) await store.put(one);
      const pages = async (limit: number, newestFirst: boolean) => {
        const found: string[] = [];
        let after: Parameters<typeof store.list>[1]['after'];
        for (let more = true; more; ) {
          const page = await store.list(range, { limit, newestFirst, ...(after && { after }) });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          found.push(...page.items.map(({ sessionId }) => sessionId));
          after = page.items.at(-1);
          more = page.more && after !== undefined;
        }
        return found;
      };
      const whole = await pages(100, false);
      expect(whole.toSorted()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
      expect(await pages(1, false)).toEqual(whole);
      expect(await pages(2, false)).toEqual(whole);
      expect(await pages(3, true)).toEqual(await pages(100, true));
      expect((await pages(3, true)).toSorted()).toEqual(whole.toSorted());
      expect(await store.find('n1')).toEqual(made[1]);
    });
  });
});

timelineContract('DynamoDB', () => timeline(tables.timeline, system, client));

it('the timeline refuses the page token of another range, which no repeat would mend', async () => {
  const store = timeline(tables.timeline, system, client);
  const entry = (index: number) => ({ id: `r${index}`, at: T0 + index * 1000, kind: 'status' as const, title: 't' });
  await store.put(
    Array.from({ length: 6 }, (_, index) => ({ subject: 'R', detail: {}, ...entry(index) })),
    [],
  );
  const { nextToken = '' } = await store.list('R', { fromAt: T0, toAt: T0 + 6000 }, { limit: 2, newestFirst: true });
  const earlier = { fromAt: T0, toAt: T0 + 3000 };
  await expect(store.list('R', earlier, { limit: 2, newestFirst: true, nextToken })).rejects.toThrow(
    new Rejected('Invalid page token'),
  );
});
dirtyMarksContract('DynamoDB', () => dirtyMarks(tables.timeline, system, client));
sweepProgressContract('DynamoDB', () => sweepProgress(tables.timeline, client));
sweepLeaseContract('DynamoDB', () => sweepLease(tables.timeline, client));

describe('tariffs and exclusions', () => {
  it('come back as they were put', async () => {
    const tariffs = tariffTable(tables.tariffs, system, client);
    const tariff = { tariffId: 'T', currency: 'EUR', elements: [] };
    const assignment = { tariffId: 'T', siteId: 'A', validFrom: T0 };
    await tariffs.putTariff(tariff);
    await tariffs.assign(assignment);
    expect(await tariffs.book()).toEqual({ tariffs: [tariff], assignments: [assignment] });
    await tariffs.unassign(assignment);
    expect((await tariffs.book()).assignments).toEqual([]);

    const exclusions = exclusionSettings(tables.settings, system, client);
    const declared = [{ reason: 'vandalism' as const, fromAt: T0, toAt: T0 + 1 }];
    await exclusions.change('S', () => declared);
    expect([await exclusions.of('S'), await exclusions.of('other')]).toEqual([declared, []]);
  });

  it('are all kept of exclusions that are declared at once, beside those of an earlier version', async () => {
    const exclusions = exclusionSettings(tables.settings, system, client);
    const notes = ['one', 'two', 'three', 'four', 'five', 'six'];
    const of = (note: string) => ({ reason: 'vandalism' as const, fromAt: T0, toAt: T0 + 1, note });
    const Item = { scope: 'exclusions#busy', exclusions: [of('earlier')] };
    await client.send(new PutCommand({ TableName: tables.settings, Item }));
    await Promise.all(notes.map((note) => exclusions.change('busy', (declared) => [...declared, of(note)])));
    const kept = (await exclusions.of('busy')).map(({ note }) => note);
    expect(kept.toSorted()).toEqual(['earlier', ...notes].toSorted());
  });
});
