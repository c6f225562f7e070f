import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { mailboxStore } from '../../../aws/commands/mailbox-store.ts';
import { overdueMailboxes } from '../../../aws/commands/overdue-mailboxes.ts';
import { pageToken } from '../../../aws/dynamodb/page-token.ts';
import { stateAttribute } from '../../../aws/dynamodb/station-item.ts';
import type { CommandRecord } from '../../../domain/commands/command.ts';
import { commandIdOf } from '../../../domain/commands/command-id.ts';
import { mailbox } from '../../../domain/commands/mailbox.ts';
import { dueAt, emptyMailbox } from '../../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import { blankStation } from '../../../domain/station/station-state.ts';
import { system } from '../../../runtime/system.ts';
import type { MailboxStore, StationContact } from '../../../use-cases/ports/commands/mailbox-store.ts';
import type { OverdueMailboxes } from '../../../use-cases/ports/commands/overdue-mailboxes.ts';
import { connection, oneShot, probingProfile, profile } from '../../domain/commands/given-command.ts';
import { walk } from '../../domain/commands/mailbox-exploration.ts';
import { fakeMailboxStore } from '../../fakes/mailbox-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const contact: StationContact = {
  admission: 'accepted',
  ocpp: '1.6',
  connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
  capabilities: { since: 0, told: { rateUnits: ['A'] }, refused: [] },
  connection: { connectionId: 'c1', ocpp: '1.6', transport: 'websocket', openedAt: 5 },
};
const offline: StationContact = { admission: 'pending', ocpp: '2.0.1', connectors: [] };

type Stores = MailboxStore & { readonly overdue: OverdueMailboxes };

const inDynamo = async (itemsPerTransaction?: number): Promise<Stores> => {
  const endpoint = inject('dynamodbEndpoint');
  const raw = localClient(endpoint);
  const documents = localDocuments(endpoint);
  const tables = { commands: await createTable(raw, 'commands'), stations: await createTable(raw, 'stations') };
  const station = async (stationId: string, registration: object, connectivity: object, more: object = {}) => {
    const Item = { stationId, registration, connectivity, ...more };
    await documents.send(new PutCommand({ TableName: tables.stations, Item }));
  };
  const open = { connectionId: 'c1', ocpp: '1.6', transport: 'websocket', connectedAt: 5 };
  const { capabilities } = contact;
  const state = stateAttribute({ ...blankStation('ONLINE'), ...omitUndefined({ capabilities }) });
  await station('ONLINE', { admission: 'accepted', connectors: contact.connectors }, open, { state });
  await station(
    'OFFLINE',
    { admission: 'pending', connectors: [] },
    { ocpp: '2.0.1', connectedAt: 5, disconnectedAt: 9 },
  );
  const mailboxes = mailboxStore(tables, system, documents, omitUndefined({ itemsPerTransaction }));
  return { ...mailboxes, overdue: overdueMailboxes(tables.commands, documents) };
};

const stores: readonly [string, () => Promise<Stores>][] = [
  [
    'in memory',
    async () =>
      fakeMailboxStore([
        ['ONLINE', contact],
        ['OFFLINE', offline],
      ]),
  ],
  ['in DynamoDB', () => inDynamo()],
  ['in DynamoDB, in shared transactions', () => inDynamo(100)],
];

describe.each(stores)('a mailbox store %s', (_, open) => {
  let store: Stores;
  beforeAll(async () => {
    store = await open();
  });
  const id = (at: number): string => commandIdOf(at, 'x');
  const requested = (commandId: string, before = emptyMailbox) =>
    mailbox(
      before,
      { type: 'requested', command: probingProfile(commandId, 1) },
      { now: 0, connection: connection(1) },
    );
  const write = (stationId: string, commandId: string, readRev = 0) => {
    const { state, records } = requested(commandId);
    return { stationId, readRev, state: { ...state, rev: readRev + 1 }, records, created: commandId };
  };

  it('finds mailboxes that are overdue, and no others', async () => {
    const waiting = write('OVERDUE', id(1));
    await store.commit(waiting);
    const due = dueAt(waiting.state) ?? Number.NaN;
    const found = async (instant: number) =>
      (await store.overdue.before(instant)).filter(({ stationId }) => ['OVERDUE', 'IDLE'].includes(stationId));
    await store.commit({ stationId: 'IDLE', readRev: 0, state: { ...emptyMailbox, rev: 1 }, records: [] });
    expect(await found(due)).toEqual([]);
    expect(await found(due + 1)).toEqual([{ stationId: 'OVERDUE', dueAt: due }]);
    await store.commit({ stationId: 'OVERDUE', readRev: 1, state: { ...emptyMailbox, rev: 2 }, records: [] });
    expect(await found(due + 1)).toEqual([]);
  });

  it('knows an empty mailbox of every station', async () => {
    expect(await store.load('nobody')).toEqual(emptyMailbox);
    expect(await store.loadWithContact('nobody')).toEqual({ mailbox: emptyMailbox });
  });

  it('tells how a station is reached', async () => {
    expect(await store.loadWithContact('ONLINE')).toEqual({ mailbox: emptyMailbox, contact });
    expect(await store.loadWithContact('OFFLINE')).toEqual({ mailbox: emptyMailbox, contact: offline });
    const many = Array.from({ length: 120 }, (_, index) => `NOBODY-${index}`);
    const all = await store.loadAllWithContact([...many, 'ONLINE', 'OFFLINE']);
    expect(all.size).toBe(122);
    expect([all.get('NOBODY-7'), all.get('ONLINE'), all.get('OFFLINE')]).toEqual([
      { mailbox: emptyMailbox },
      { mailbox: emptyMailbox, contact },
      { mailbox: emptyMailbox, contact: offline },
    ]);
    expect(await store.loadAllWithContact([])).toEqual(new Map());
  });

  it('reads the mailboxes of many stations', async () => {
    const waiting = write('ONE-OF-MANY', id(1));
    await store.commit(waiting);
    const many = Array.from({ length: 120 }, (_, index) => `NOBODY-${index}`);
    const all = await store.loadAll([...many, 'ONE-OF-MANY']);
    expect(all.size).toBe(121);
    expect([all.get('NOBODY-7'), all.get('ONE-OF-MANY')]).toEqual([emptyMailbox, waiting.state]);
    expect(await store.loadAll([])).toEqual(new Map());
  });

  it('gives back the mailbox and the last state of each command', async () => {
    const { state, records } = requested(id(1));
    expect(await store.commit(write('A', id(1)))).toEqual({ outcome: 'committed' });
    expect(await store.load('A')).toEqual(state);
    expect(await store.find('A', id(1))).toEqual(records.at(-1));
    expect(await store.find('A', id(2))).toBeUndefined();
  });

  it.each([
    ['another revision', 0],
    ['a revision that was never there', 7],
  ])('refuses a write that read %s, records included', async (name, readRev) => {
    const stationId = `R ${name}`;
    const first = write(stationId, id(1));
    await store.commit(first);
    expect(await store.commit(write(stationId, id(2), readRev))).toEqual({ outcome: 'conflict', found: first.state });
    expect(await store.find(stationId, id(2))).toBeUndefined();
    expect((await store.load(stationId)).rev).toBe(1);
  });

  it('says so when the command is there already, and writes nothing', async () => {
    await store.commit(write('D', id(1)));
    expect(await store.commit(write('D', id(1), 1))).toEqual({ outcome: 'duplicate' });
    expect((await store.load('D')).rev).toBe(1);
  });

  it('takes a request of a name once, whatever its time, and tells which command it became', async () => {
    const named = (at: number, requestName: string, readRev = 0) => ({ ...write('O', id(at), readRev), requestName });
    expect(await store.commit(named(1, 'order'))).toEqual({ outcome: 'committed' });
    expect(await store.commit(named(2, 'order', 1))).toEqual({ outcome: 'duplicate', of: id(1) });
    expect(await store.commit(named(1, 'order', 1))).toEqual({ outcome: 'duplicate', of: id(1) });
    expect(await store.find('O', id(2))).toBeUndefined();
    expect(await store.commit(named(3, 'other', 1))).toEqual({ outcome: 'committed' });
    expect([await store.becameOf('O', 'order'), await store.becameOf('O', 'none')]).toEqual([id(1), undefined]);
    expect((await store.list('O', { limit: 9 })).items.map(({ command }) => command.commandId)).toEqual([id(3), id(1)]);
  });

  it('keeps the first refusal of a request, which is not taken from then on', async () => {
    const first = { requestedAt: 2, at: 7, as: 'CommandRejected', reason: 'offline' } as const;
    const later = { requestedAt: 3, at: 9, as: 'CommandExpired', reason: 'late' } as const;
    expect(await store.refuse('N', 'order', first)).toEqual(first);
    expect(await store.refuse('N', 'order', later)).toEqual(first);
    expect(await store.commit({ ...write('N', id(2)), requestName: 'order' })).toEqual({ outcome: 'duplicate' });
    expect(await store.find('N', id(2))).toBeUndefined();
    expect(await store.becameOf('N', 'order')).toBeUndefined();
    expect(await store.commit({ ...write('N', id(1)), requestName: 'other' })).toEqual({ outcome: 'committed' });
    expect((await store.list('N', { limit: 9 })).items.map(({ command }) => command.commandId)).toEqual([id(1)]);
  });

  it('does not keep that a request is refused which was taken', async () => {
    await store.commit({ ...write('T', id(1)), requestName: 'order' });
    const refused = { requestedAt: 1, at: 7, as: 'CommandRejected', reason: 'offline' } as const;
    expect(await store.refuse('T', 'order', refused)).toBeUndefined();
    expect(await store.find('T', id(1))).toBeDefined();
  });

  it('writes what is asked for side by side, each under its own guard', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `SIDE-${index}`);
    await store.commit(write('SIDE-3', id(1)));
    await store.commit(write('SIDE-14', id(2)));
    const outcomes = await Promise.all(
      ids.map((stationId) => store.commit(write(stationId, id(2), stationId === 'SIDE-14' ? 1 : 0))),
    );
    const expected = ids.map((_, index) => (index === 3 ? 'conflict' : index === 14 ? 'duplicate' : 'committed'));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(expected);
    const revs = await Promise.all(ids.map(async (stationId) => (await store.load(stationId)).rev));
    expect(revs).toEqual(ids.map(() => 1));
    const found = await Promise.all(ids.map((stationId) => store.find(stationId, id(2))));
    expect(found.map((record) => record !== undefined)).toEqual(ids.map((_, index) => index !== 3));
  });

  it('writes a mailbox alone where no command changed its state', async () => {
    const state = { ...emptyMailbox, rev: 1 };
    const alone = { stationId: 'M', readRev: 0, state, records: [] };
    expect(await store.commit(alone)).toEqual({ outcome: 'committed' });
    expect(await store.commit(alone)).toEqual({ outcome: 'conflict', found: state });
    expect(await store.load('M')).toEqual(state);
  });

  it('lets one of many writers through', async () => {
    const written = await Promise.all(Array.from({ length: 8 }, (_, index) => store.commit(write('RACE', id(index)))));
    expect(written.map(({ outcome }) => outcome).toSorted()).toEqual(['committed', ...Array(7).fill('conflict')]);
  });

  it('lists commands newest first, page by page, and not the mailbox', async () => {
    const recordOf = (at: number): CommandRecord => ({
      command: oneShot(id(at), { requestedAt: at }),
      state: 'Accepted',
      at,
      attempts: 1,
    });
    for (const at of [1, 2, 3])
      await store.commit({
        stationId: 'L',
        readRev: at - 1,
        state: { ...emptyMailbox, rev: at },
        records: [recordOf(at)],
      });
    const first = await store.list('L', { limit: 2 });
    expect(first.items).toEqual([recordOf(3), recordOf(2)]);
    const second = await store.list('L', { limit: 2, nextToken: first.nextToken ?? '' });
    expect(second).toEqual({ items: [recordOf(1)] });
    await expect(store.list('L', { limit: 2, nextToken: 'none of ours' })).rejects.toThrow(Rejected);
  });

  it.each([
    ['of the mailbox', 'mailbox'],
    ['of an envelope', 'to-stream-1'],
    ['of nothing', '-'],
    ['longer than a key', `0${'x'.repeat(1_024)}`],
  ])('refuses a page token %s', async (_name, entry) => {
    const nextToken = pageToken({ stationId: 'L', entry }) ?? '';
    await expect(store.list('L', { limit: 2, nextToken })).rejects.toThrow(Rejected);
  });

  it('takes and refuses the writes that the model takes and refuses', async () => {
    const bounds = {
      commands: [oneShot(id(1)), probingProfile(id(2), 1), profile(id(3), 2)],
      crashes: 2,
      connections: 3,
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 30, maxLength: 60 }), async (picks) => {
        const stationId = crypto.randomUUID();
        const moves = walk({ ...bounds, gateways: 2, answers: 2 }, picks.length, chooser(picks));
        for (const { write: tried, to } of moves) {
          if (tried === undefined) continue;
          const { isTaken, ...rest } = tried;
          expect((await store.commit({ stationId, ...rest })).outcome).toBe(isTaken ? 'committed' : 'conflict');
          expect(await store.load(stationId)).toEqual(to.mailbox);
        }
        const { items } = await store.list(stationId, { limit: 50 });
        const stored = Object.fromEntries(items.map(({ command, state }) => [command.commandId, state]));
        expect(stored).toEqual(moves.at(-1)?.to.states ?? {});
      }),
      { numRuns: 15 },
    );
  });
});

describe('the name of a request', () => {
  const day = 86_400_000;
  const took = (at: number) => {
    const command = oneShot(commandIdOf(at, 'x'));
    const { state, records } = mailbox(
      emptyMailbox,
      { type: 'requested', command },
      { now: 0, connection: connection() },
    );
    return { stationId: 'S1', state, records, created: command.commandId, requestName: 'order' };
  };

  it('is free after two days, although DynamoDB has not removed its item by then', async () => {
    const endpoint = inject('dynamodbEndpoint');
    const tables = { commands: await createTable(localClient(endpoint), 'commands'), stations: 'none' };
    let now = system.clock();
    const store = mailboxStore(tables, { ...system, clock: () => now }, localDocuments(endpoint));
    const [first, second] = [took(1), took(2)];
    const refused = { requestedAt: 2, at: 7, as: 'CommandRejected', reason: 'offline' } as const;
    const again = { ...second, readRev: 1, state: { ...second.state, rev: 2 } };
    await store.commit({ ...first, readRev: 0 });
    now += 2 * day - 1_000;
    expect([await store.becameOf('S1', 'order'), await store.commit(again)]).toEqual([
      first.created,
      { outcome: 'duplicate', of: first.created },
    ]);
    now += 1_000;
    expect([await store.becameOf('S1', 'order'), await store.commit(again)]).toEqual([
      undefined,
      { outcome: 'committed' },
    ]);
    expect([await store.becameOf('S1', 'order'), await store.refuse('S1', 'order', refused)]).toEqual([
      second.created,
      undefined,
    ]);
    now += 2 * day;
    expect(await store.refuse('S1', 'order', refused)).toEqual(refused);
  });
});

describe('a write that DynamoDB cancels', () => {
  const cancelled = (...codes: readonly string[]) => {
    const client = localDocuments('http://127.0.0.1:1');
    client.send = () =>
      Promise.reject(
        new TransactionCanceledException({
          message: 'cancelled',
          $metadata: {},
          CancellationReasons: codes.map((Code) => ({ Code })),
        }),
      );
    const records = [{ command: oneShot('a'), state: 'Queued', at: 0, attempts: 0 }] as const;
    return mailboxStore({ commands: 'commands', stations: 'stations' }, system, client).commit({
      stationId: 'S1',
      readRev: 1,
      state: { ...emptyMailbox, rev: 2 },
      records,
      created: 'a',
    });
  };

  it.each([
    ['because another one is under way', ['TransactionConflict', 'None'], 'conflict'],
    ['because another one writes the same command', ['None', 'TransactionConflict'], 'conflict'],
    ['because the command is there', ['None', 'ConditionalCheckFailed'], 'duplicate'],
    ['because both are true', ['TransactionConflict', 'ConditionalCheckFailed'], 'conflict'],
  ])('%s is told as what it is', async (_, codes, outcome) => {
    expect(await cancelled(...codes)).toEqual({ outcome });
  });

  it('for any other reason fails', async () => {
    await expect(cancelled('None', 'ItemCollectionSizeLimitExceeded')).rejects.toThrow('cancelled');
  });
});

describe('writes that share a transaction', () => {
  /** A store whose client answers each request as `answer` says; with the stations of each request that came. */
  const scripted = (answer: (stationIds: readonly string[], call: number) => unknown) => {
    const requests: string[][] = [];
    const client = localDocuments('http://127.0.0.1:1');
    client.send = async ({ input }: { input: unknown }) => {
      const { TransactItems = [] } = Object(input);
      const mailboxes = TransactItems.filter(({ Put }: { Put: PutCommandInput }) => Put.Item?.entry === 'mailbox');
      requests.push(mailboxes.map(({ Put }: { Put: PutCommandInput }) => String(Put.Item?.stationId)));
      return answer(requests.at(-1) ?? [], requests.length);
    };
    const tables = { commands: 'commands', stations: 'stations' };
    const store = mailboxStore(tables, system, client, { itemsPerTransaction: 100 });
    // It was taken in and sent in one step: one item.
    const queued = { command: oneShot('a'), state: 'Queued', at: 0, attempts: 0 } as const;
    const records = [queued, { ...queued, state: 'Sent' }] as const;
    const write = (stationId: string) =>
      store.commit({ stationId, readRev: 1, state: { ...emptyMailbox, rev: 2 }, records, created: 'a' });
    return { requests, write };
  };
  const cancelled = (codes: readonly string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  it('fill it: fifty stations with a command each, and the others in the next', async () => {
    const { requests, write } = scripted(() => ({}));
    const ids = Array.from({ length: 120 }, (_, index) => `S${index}`);
    const outcomes = await Promise.all(ids.map(write));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['committed']));
    expect(requests).toEqual([ids.slice(0, 50), ids.slice(50, 100), ids.slice(100)]);
  });

  it('are written again together without those to blame, which are told why', async () => {
    const { requests, write } = scripted((_, call) => {
      const ofEach = [
        ['ConditionalCheckFailed', 'None'],
        ['None', 'None'],
        ['None', 'ConditionalCheckFailed'],
      ];
      if (call === 1) throw cancelled([...ofEach, ['TransactionConflict', 'None'], ['None', 'None']].flat());
      return {};
    });
    const outcomes = await Promise.all(['A', 'B', 'C', 'D', 'E'].map(write));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'conflict',
      'committed',
      'duplicate',
      'conflict',
      'committed',
    ]);
    expect(requests).toEqual([
      ['A', 'B', 'C', 'D', 'E'],
      ['B', 'E'],
    ]);
  });

  it.each([
    ['nobody is told to be the cause', cancelled([])],
    ['they are too large together', Object.assign(new Error('4 MB'), { name: 'ValidationException' })],
  ])('are written one by one where %s', async (_, error) => {
    const { requests, write } = scripted((stationIds) => {
      if (stationIds.length > 1) throw error;
      return {};
    });
    const outcomes = await Promise.all(['A', 'B', 'C'].map(write));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['committed', 'committed', 'committed']);
    expect(requests).toEqual([['A', 'B', 'C'], ['A'], ['B'], ['C']]);
  });

  it('fail together where the service does', async () => {
    const { requests, write } = scripted(() => {
      throw new Error('Throttled');
    });
    const outcomes = await Promise.allSettled(['A', 'B'].map(write));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(requests).toHaveLength(1);
  });
});

/** Takes numbers one by one as choices. */
const chooser = (picks: readonly number[]): ((count: number) => number) => {
  const left = [...picks];
  return (count) => (left.shift() ?? 0) % count;
};
