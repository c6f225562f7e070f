import { describe, expect, it } from 'vitest';
import { mailbox } from '../../domain/commands/mailbox.ts';
import { emptyMailbox } from '../../domain/commands/mailbox-state.ts';
import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { WakeUp } from '../../use-cases/ports/commands/wake-queue.ts';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';
import type { SiteRecord } from '../../use-cases/ports/sites/site-record.ts';
import { relayCommands } from '../../use-cases/relay-commands/relay-commands.ts';
import { answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
import { connection, oneShot, profile } from '../domain/commands/given-command.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';

const online = { now: 0, connection: connection(1) };
const sent = mailbox(emptyMailbox, { type: 'requested', command: oneShot('a') }, online);
const ended = mailbox(sent.state, { type: 'woken' }, { ...online, now: 30_000 });

const changesOf = (
  before: typeof emptyMailbox,
  { state, records }: typeof sent,
  earlier?: (typeof sent.records)[number],
): readonly CommandsChange[] => [
  { kind: 'mailbox', stationId: 'S', before, after: state },
  ...records.slice(-1).map((after) => ({ kind: 'record' as const, stationId: 'S', before: earlier, after })),
];

const relayed = async (changes: readonly CommandsChange[]) => {
  const stream = fakeOcppStream();
  const wakeUps: WakeUp[] = [];
  const queue = { schedule: async (more: readonly WakeUp[]) => void wakeUps.push(...more) };
  const sites: SiteRecord[] = [];
  const siteStream = { put: async (more: readonly SiteRecord[]) => void sites.push(...more) };
  await relayCommands({ queue, stream, sites: siteStream })(changes);
  return { wakeUps, told: stream.records, sites };
};

describe('what follows from the writes of a mailbox', () => {
  it('is a wake-up for the deadline of a call, whoever was to send it', async () => {
    const { wakeUps, told } = await relayed(changesOf(emptyMailbox, sent));
    expect([wakeUps, told]).toEqual([[{ stationId: 'S', dueAt: 30_000 }], []]);
  });

  it('is no second wake-up for the same instant', async () => {
    const queued = mailbox(sent.state, { type: 'requested', command: oneShot('b') }, { ...online, now: 1 });
    expect((await relayed(changesOf(sent.state, queued))).wakeUps).toEqual([]);
  });

  it('is nothing for the site of a setpoint that has not ended', async () => {
    const command = { ...profile('a', 7), by: 'site depot', origin: 'internal' as const };
    const asked = mailbox(emptyMailbox, { type: 'requested', command }, online);
    expect((await relayed(changesOf(emptyMailbox, asked))).sites).toEqual([]);
  });

  it('is nothing for a site that somebody from outside has taken the name of', async () => {
    const command = { ...profile('a', 7), by: 'site depot' };
    const asked = mailbox(emptyMailbox, { type: 'requested', command }, online);
    const late = mailbox(asked.state, { type: 'woken' }, { ...online, now: 30_000 });
    expect((await relayed(changesOf(asked.state, late, asked.records.at(-1)))).sites).toEqual([]);
  });

  it('is the end of a setpoint on the stream of the site that decided it', async () => {
    const command = { ...profile('a', 7), by: 'site depot', origin: 'internal' as const };
    const asked = mailbox(emptyMailbox, { type: 'requested', command }, online);
    const late = mailbox(asked.state, { type: 'woken' }, { ...online, now: 30_000 });
    const { sites } = await relayed(changesOf(asked.state, late, asked.records.at(-1)));
    expect(sites).toMatchObject([
      { kind: 'site-setpoint', siteId: 'depot', outcome: { stationId: 'S', version: 7, state: 'TimedOut' } },
    ]);
  });

  it('is nothing for the site of a setpoint whose end it was told before', async () => {
    const command = { ...profile('a', 7), by: 'site depot', origin: 'internal' as const };
    const asked = mailbox(emptyMailbox, { type: 'requested', command }, online);
    const late = mailbox(asked.state, { type: 'woken' }, { ...online, now: 30_000 });
    expect((await relayed(changesOf(late.state, late, late.records.at(-1)))).sites).toEqual([]);
  });

  it('is the end of a command on the stream, with what was asked and by whom', async () => {
    const { wakeUps, told } = await relayed(changesOf(sent.state, ended, sent.records.at(-1)));
    expect(wakeUps).toEqual([]);
    expect(told).toEqual([
      {
        kind: 'command',
        stationId: 'S',
        receivedAt: 30_000,
        command: {
          commandId: 'a',
          action: 'Reset',
          ocpp: '1.6',
          payload: '{}',
          state: 'TimedOut',
          by: 'operator',
          origin: 'outside',
          requestedAt: 0,
          sentAt: 0,
        },
      },
    ]);
  });

  it('is nothing for what was told before', async () => {
    const again = await relayed(changesOf(ended.state, ended, ended.records.at(-1)));
    expect([again.wakeUps, again.told]).toEqual([[], []]);
  });
});

describe('what follows from an envelope that is held', () => {
  it('is that it goes onto the stream as it is', async () => {
    const envelope = { kind: 'registered', stationId: 'S', receivedAt: 7 } as const;
    const { wakeUps, told, sites } = await relayed([{ kind: 'held', stationId: 'S', envelope }]);
    expect([told, wakeUps, sites]).toEqual([[envelope], [], []]);
  });
});

describe('the ends of many commands', () => {
  const endOf = (stationId: string, commandId: string): CommandsChange => {
    const asked = mailbox(emptyMailbox, { type: 'requested', command: oneShot(commandId) }, online);
    const [after] = mailbox(asked.state, { type: 'woken' }, { ...online, now: 30_000 }).records;
    if (after === undefined) throw new Error('A call that is not answered in time ends');
    return { kind: 'record', stationId, before: asked.records.at(-1), after };
  };
  const queue = { schedule: async () => {} };
  const sites = { put: async () => {} };

  it('go onto the stream side by side, those of one station in order', async () => {
    const put: string[] = [];
    const running: string[] = [];
    const answers = Promise.withResolvers<void>();
    const stream: OcppStream = {
      put: async (envelope) => {
        const id = `${envelope.stationId} ${envelope.kind === 'command' ? envelope.command.commandId : ''}`;
        running.push(id);
        if (running.length === 3) answers.resolve();
        await answers.promise;
        put.push(id);
      },
    };
    const stations = ['S1', 'S2', 'S3'];
    const changes = ['a', 'b'].flatMap((commandId) => stations.map((stationId) => endOf(stationId, commandId)));
    await relayCommands({ queue, stream, sites })(changes);
    expect(put).toEqual(['S1 a', 'S2 a', 'S3 a', 'S1 b', 'S2 b', 'S3 b']);
  });

  it('are told apart where the stream takes only some: the others need not be put again', async () => {
    const [taken, refused, behind] = [endOf('S1', 'a'), endOf('S2', 'a'), endOf('S2', 'b')];
    const out = new Error('out');
    const stream: OcppStream = {
      put: ({ stationId }) => (stationId === 'S2' ? Promise.reject(out) : Promise.resolve()),
    };
    const relay = relayCommands({ queue, stream, sites });
    const failed = await relay([taken, refused, behind]).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'SomeFailed', failures: [{ item: refused }, { item: behind }] });
  });
});

describe('a wake-up', () => {
  const answered = async (next: number | undefined, dueAt: number, now: number): Promise<readonly WakeUp[]> => {
    const again: WakeUp[] = [];
    const none = () => Promise.reject(new Error('There is no answer'));
    const queue = { schedule: async (more: readonly WakeUp[]) => void again.push(...more), settle: none };
    const answer = answerWakeUp({
      mailbox: { woken: async () => next },
      settle: none,
      queue,
      system: { clock: () => now },
      warn: () => {},
    });
    await answer({ stationId: 'S', dueAt });
    return again;
  };

  it('that came before it was due is queued again', async () => {
    expect(await answered(5_000, 5_000, 900)).toEqual([{ stationId: 'S', dueAt: 5_000 }]);
  });

  it('that looked a moment too early is queued again, although its instant has come meanwhile', async () => {
    expect(await answered(5_000, 5_000, 5_003)).toEqual([{ stationId: 'S', dueAt: 5_000 }]);
  });

  it.each([
    ['nothing is due any more', undefined],
    ['another instant is due, which has a wake-up of its own', 9_000],
  ])('ends where %s', async (_, next) => {
    expect(await answered(next, 5_000, 900)).toEqual([]);
  });
});
