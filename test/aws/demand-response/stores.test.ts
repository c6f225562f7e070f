import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { participationStore } from '../../../aws/demand-response/participation-store.ts';
import { planStore } from '../../../aws/demand-response/plan-store.ts';
import { sentCommands } from '../../../aws/demand-response/sent-commands.ts';
import { signalStore } from '../../../aws/demand-response/signal-store.ts';
import type { EventReport } from '../../../domain/demand-response/event-report.ts';
import { readSignal } from '../../../domain/demand-response/read-signal.ts';
import { ended, registerSignal, type SignalRecord } from '../../../domain/demand-response/signal-record.ts';
import { emptyPlan, type PlannedStation, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import { system } from '../../../runtime/system.ts';
import type { PlanStore } from '../../../use-cases/ports/demand-response/plan-store.ts';
import type { SignalStore } from '../../../use-cases/ports/demand-response/signal-store.ts';
import { fakeParticipationStore } from '../../fakes/participation-store.ts';
import { fakePlanStore } from '../../fakes/plan-store.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const inDynamo = async <Store>(open: (table: string, client: ReturnType<typeof localDocuments>) => Store) => {
  const endpoint = inject('dynamodbEndpoint');
  return open(await createTable(localClient(endpoint), 'grid'), localDocuments(endpoint));
};

const record = (signalId: string, startHour = 17): SignalRecord => {
  const asked = {
    signalId,
    type: 'CURTAIL',
    zoneId: 'north',
    reductionKw: 100,
    startAt: `2026-07-01T${startHour}:00:00Z`,
    endAt: '2026-07-01T20:00:00Z',
  };
  return registerSignal(undefined, readSignal(asked, { receivedAt: Date.parse('2026-07-01T10:00:00Z'), by: 'me' }))
    .record;
};

describe.each([
  ['in memory', async () => fakeSignalStore() as SignalStore],
  ['in DynamoDB', () => inDynamo(signalStore)],
])('a signal store %s', (_, open) => {
  let store: SignalStore;
  beforeAll(async () => {
    store = await open();
  });

  it('knows nothing of a signal it never had', async () => {
    expect(await store.load('nobody')).toBeUndefined();
    expect(await store.checks('nobody')).toEqual([]);
  });

  it('writes a record once per revision', async () => {
    const first = record('dr-a');
    expect(await store.commit(first, 0)).toBe('committed');
    expect(await store.load('dr-a')).toEqual(first);
    expect(await store.commit(first, 0)).toBe('conflict');
    const second = ended(first, 'cancelled', 5);
    expect(await store.commit(second, 1)).toBe('committed');
    expect(await store.commit(second, 1)).toBe('conflict');
    expect(await store.load('dr-a')).toEqual(second);
  });

  it('lists what is open by its start, and all of them newest first, page by page', async () => {
    for (const [id, hour] of [
      ['dr-c', 19],
      ['dr-b', 18],
    ] as const)
      await store.commit(record(id, hour), 0);
    expect((await store.open()).map(({ signal }) => signal.signalId)).toEqual(['dr-b', 'dr-c']);
    const first = await store.list({ limit: 2 });
    expect(first.items.map(({ signal }) => signal.signalId)).toEqual(['dr-c', 'dr-b']);
    const rest = await store.list({ limit: 2, nextToken: first.nextToken ?? '' });
    expect(rest.items.map(({ signal }) => signal.signalId)).toEqual(['dr-a']);
    await expect(store.list({ limit: 2, nextToken: 'no token' })).rejects.toThrow(Rejected);
  });

  it('keeps the report of a signal', async () => {
    expect(await store.report('dr-b')).toBeUndefined();
    const report = { signalId: 'dr-b', askedW: 5, delivered: [{ at: 1, deliveredW: 4 }] } as unknown as EventReport;
    await store.saveReport(report);
    expect(await store.report('dr-b')).toEqual(report);
  });

  it('keeps the checks of a signal in their order, one per instant', async () => {
    const check = (at: number, deliveredW: number) => ({ at, deliveredW, plannedW: 9, nonResponsiveCount: 0 });
    for (const [at, deliveredW] of [
      [2_000, 5],
      [1_000, 4],
      [2_000, 6],
    ] as const)
      await store.addCheck('dr-b', check(at, deliveredW));
    expect(await store.checks('dr-b')).toEqual([check(1_000, 4), check(2_000, 6)]);
  });
});

const station = (index: number): PlannedStation => ({
  stationId: `S${String(index).padStart(4, '0')}`,
  siteId: 'depot',
  baselineW: 11_000,
  floorW: 4_140,
  minimumW: 4_140,
  ratedW: 22_000,
  supply: { current: 'AC', voltageV: 230, phases: 3, minimumA: 6 },
  transactions: [],
  connectorKeys: ['1#1'],
  shedW: 0,
  capW: 11_000,
});
const plan = (rev: number, count: number): ZonePlan => ({
  ...emptyPlan('north'),
  rev,
  decidedAt: 1_000 * rev,
  stations: Array.from({ length: count }, (_, index) => station(index)),
});

describe.each([
  ['in memory', async () => fakePlanStore()],
  ['in DynamoDB', () => inDynamo((table, client) => planStore(table, system, client))],
])('a plan store %s', (_, open) => {
  let store: PlanStore;
  beforeAll(async () => {
    store = await open();
  });

  it('has the empty plan for a zone that never had a signal', async () => {
    expect(await store.load('south')).toEqual(emptyPlan('south'));
    expect(await store.loadChunk({ zoneId: 'south', rev: 0, index: 0 })).toBeUndefined();
  });

  it('keeps a plan of many stations whole, in their order', async () => {
    expect(await store.commit(plan(1, 600), 0)).toBe('committed');
    expect(await store.load('north')).toEqual(plan(1, 600));
    const chunk = await store.loadChunk({ zoneId: 'north', rev: 1, index: 2 });
    expect(chunk?.stations.map(({ stationId }) => stationId)).toEqual(
      plan(1, 600)
        .stations.slice(500)
        .map((one) => one.stationId),
    );
    expect(await store.loadChunk({ zoneId: 'north', rev: 1, index: 3 })).toBeUndefined();
  });

  it('keeps what was sent to a chunk, while it is of the present revision', async () => {
    const sent = { capW: 5_000, endAt: 9, answer: 'sent', at: 7 } as const;
    const told = plan(1, 600)
      .stations.slice(500)
      .map((one) => ({ ...one, sent }));
    await store.saveChunk({ zoneId: 'north', rev: 1, index: 2 }, told);
    expect((await store.load('north')).stations.slice(500)).toEqual(told);
    await store.saveChunk({ zoneId: 'north', rev: 7, index: 2 }, []);
    expect((await store.load('north')).stations).toHaveLength(600);
  });

  it.each([1, 250, 251])(
    'keeps what was sent to the first stations of %i, and their plan in one piece',
    async (count) => {
      const zoneId = `zone-of-${count}`;
      const first = { ...plan(1, count), zoneId };
      const chunk = { zoneId, rev: 1, index: 0 };
      const sent = { capW: 5_000, endAt: 9, answer: 'sent', at: 7 } as const;
      expect(await store.commit(first, 0)).toBe('committed');
      expect(await store.commit(first, 0)).toBe('conflict');
      const told = first.stations.slice(0, 250).map((one) => ({ ...one, sent }));
      await store.saveChunk(chunk, told);
      expect((await store.loadChunk(chunk))?.stations).toEqual(told);
      expect((await store.load(zoneId)).stations).toEqual([...told, ...first.stations.slice(250)]);
      const second = { ...first, rev: 2, stations: [station(7)] };
      expect(await store.commit(second, 1)).toBe('committed');
      await store.saveChunk(chunk, told);
      expect(await store.load(zoneId)).toEqual(second);
      expect(await store.loadChunk(chunk)).toBeUndefined();
    },
  );

  it('lets one of two writers of the same revision win, and shows nothing of the other', async () => {
    const [one, other] = [plan(2, 300), { ...plan(2, 300), decidedAt: 77, stations: [station(1), station(2)] }];
    const outcomes = await Promise.all([store.commit(one, 1), store.commit(other, 1)]);
    expect(outcomes.toSorted()).toEqual(['committed', 'conflict']);
    expect(await store.load('north')).toEqual(outcomes[0] === 'committed' ? one : other);
    expect(await store.loadChunk({ zoneId: 'north', rev: 1, index: 0 })).toBeUndefined();
  });
});

describe.each([
  ['in memory', async () => fakeParticipationStore()],
  ['in DynamoDB', () => inDynamo((table, client) => participationStore(table, system, client))],
])('a participation store %s', (_, open) => {
  it('keeps what holds under a guard, and every change', async () => {
    const store = await open();
    const participant = { kind: 'site', siteId: 'depot' } as const;
    expect(await store.find(participant)).toBeUndefined();
    expect(await store.changes(participant)).toEqual([]);
    const first = { participant, rev: 1, isOptedOut: true, kept: [], setAt: 5, setBy: 'me', why: 'works' };
    expect(await store.put(first)).toBe('stored');
    expect(await store.put(first)).toBe('conflict');
    const second = { ...first, rev: 2, isOptedOut: false, kept: [{ connectorType: 'CCS', minimumW: 5_000 }] };
    expect(await store.put(second)).toBe('stored');
    expect(await store.put(second)).toBe('conflict');
    expect(await store.find(participant)).toEqual(second);
    expect(await store.changes(participant)).toEqual([second, first]);
  });

  it('finds sites and drivers of stations at once', async () => {
    const store = await open();
    const set = { rev: 1, isOptedOut: true, kept: [], setAt: 5, setBy: 'me' };
    const depot = { ...set, participant: { kind: 'site', siteId: 'depot' } } as const;
    await store.put(depot);
    await store.put({ ...set, participant: { kind: 'driver', tag: 'abc' } });
    const at = await store.ofStations(['depot', 'mall'], ['ABC', 'abc', 'other']);
    expect(at('depot')).toEqual({ site: depot, optedOutTags: new Set(['ABC']) });
    expect(at('mall')).toEqual({ optedOutTags: new Set(['ABC']) });
  });
});

describe('answers to commands in DynamoDB', () => {
  it('are those of commands that ended', async () => {
    const endpoint = inject('dynamodbEndpoint');
    const table = await createTable(localClient(endpoint), 'commands');
    const documents = localDocuments(endpoint);
    const put = (commandId: string, state: string) =>
      documents.send(
        new PutCommand({
          TableName: table,
          Item: { stationId: 'S1', entry: commandId, record: { command: { commandId }, state, at: 7, attempts: 1 } },
        }),
      );
    await put('1', 'Accepted');
    await put('2', 'NotSupported');
    await put('3', 'TimedOut');
    await put('4', 'Sent');
    await put('5', 'Superseded');
    const asked = ['1', '2', '3', '4', '5', '6'].map((commandId) => ({ stationId: 'S1', commandId }));
    expect(await sentCommands(table, system, documents).answersTo(asked)).toEqual(
      new Map([
        ['1', { answer: 'accepted', at: 7 }],
        ['2', { answer: 'rejected', at: 7 }],
        ['3', { answer: 'silent', at: 7 }],
      ]),
    );
  });

  it('are of the command that took the place of one', async () => {
    const endpoint = inject('dynamodbEndpoint');
    const table = await createTable(localClient(endpoint), 'commands');
    const documents = localDocuments(endpoint);
    const put = (stationId: string, commandId: string, state: string, version: number, evseId = 0) => {
      const slot = { evseId, purpose: 'ChargePointMaxProfile', stackLevel: 1 };
      const command = { commandId, kind: 'latest-wins', decision: { slot, overrides: slot, version } };
      const Item = { stationId, entry: commandId, record: { command, state, at: Number(commandId), attempts: 1 } };
      return documents.send(new PutCommand({ TableName: table, Item }));
    };
    for (const [stationId, state] of [
      ['A', 'Accepted'],
      ['B', 'Rejected'],
      ['C', 'Sent'],
    ] as const) {
      await put(stationId, '10', 'Superseded', 1);
      await put(stationId, '11', 'Superseded', 2);
      await put(stationId, '12', state, 3);
      await put(stationId, '13', 'TimedOut', 4, 2);
      await documents.send(new PutCommand({ TableName: table, Item: { stationId, entry: 'mailbox', mailbox: {} } }));
    }
    const answersOf = async (stationId: string) => [
      ...(await sentCommands(table, system, documents).answersTo([{ stationId, commandId: '10' }])),
    ];
    expect(await answersOf('A')).toEqual([['10', { answer: 'accepted', at: 12 }]]);
    expect(await answersOf('B')).toEqual([['10', { answer: 'rejected', at: 12 }]]);
    expect(await answersOf('C')).toEqual([]);
  });
});
