import { describe, expect, it } from 'vitest';
import { queuedIn, wakeQueue } from '../../../aws/commands/wake-queue.ts';
import type { OpenClient } from '../../../aws/open-client.ts';
import { obligingConduct } from '../../../sim/services/sim-service-context.ts';
import { simSqs } from '../../../sim/services/sim-sqs.ts';
import { consumeQueue } from '../../../sim/stack/consume-queue.ts';
import { virtualTime } from '../../../sim/time/virtual-time.ts';
import { random } from '../../../simulator/random.ts';
import type { CommandsChange } from '../../../use-cases/ports/commands/commands-change.ts';
import { relayCommands } from '../../../use-cases/relay-commands/relay-commands.ts';
import { answerWakeUp } from '../../../use-cases/send-command/answer-wake-up.ts';
import { requestCommand } from '../../../use-cases/send-command/request-command.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../../use-cases/send-command/wake-mailbox.ts';
import { fakeMailboxStore } from '../../fakes/mailbox-store.ts';
import { connectionTo, connectors, operator } from './given-station.ts';

const START_AT = 1_900_000_000_000;
const MINUTE_MS = 60_000;
/** How long each of the services takes to answer, and how often Lambda asks a change stream for more. */
const STORE_MS = 12;
const STREAM_MS = 50;
const POLL_MS = 250;
const BATCH = 250;
const TOLD_WITHIN_MS = 5_000;

type Given = {
  /** The clock of those who read the change stream, against that of everybody else, ms. */
  readonly relayAheadMs?: number;
  readonly stations?: number;
};

/** Everything between a command and its time-out, on services that take their time, under a virtual clock. */
const givenStack = ({ relayAheadMs = 0, stations = 1 }: Given) => {
  const { clock, system } = virtualTime(START_AT, random('deadlines'));
  const sleep = (ms: number) => system.sleep(ms);
  const queue = { arn: 'arn:wake', url: 'https://sqs/wake', visibilityTimeoutMs: MINUTE_MS };
  const fault = () => sleep(STORE_MS / 2);
  const sqs = simSqs([queue], {
    now: clock.now,
    random: random('queue').next,
    fault,
    conduct: () => obligingConduct,
  });
  const open: OpenClient = () => sqs.client as never;

  const stationIds = Array.from({ length: stations }, (_, index) => `S${index + 1}`);
  const connection = connectionTo(1, '1.6', START_AT - MINUTE_MS);
  const contact = { admission: 'accepted' as const, ocpp: '1.6' as const, connectors, connection };
  const store = fakeMailboxStore(stationIds.map((stationId) => [stationId, contact]));
  const changes: CommandsChange[] = [];
  const ended = new Map<string, number>();
  const slowly =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await sleep(STORE_MS / 2);
      const result = await work(...args);
      await sleep(STORE_MS / 2);
      return result;
    };
  const mailboxes = {
    ...store,
    load: slowly(store.load),
    loadWithContact: slowly(store.loadWithContact),
    commit: slowly(async (write: Parameters<typeof store.commit>[0]) => {
      const before = await store.load(write.stationId);
      const written = await store.commit(write);
      if (written.outcome !== 'committed') return written;
      const { stationId, state, records } = write;
      changes.push({ kind: 'mailbox', stationId, before, after: state });
      for (const after of records) changes.push({ kind: 'record', stationId, before: undefined, after });
      return written;
    }),
  };
  const answers: string[] = [];
  const sender = {
    send: async (stationId: string, _: unknown, frame: string) => {
      answers.push(JSON.stringify([stationId, JSON.parse(frame)[1]]));
      return 'sent' as const;
    },
  };
  const ports = { mailboxes, sender, system, warn: () => {} };

  const relay = relayCommands({
    queue: wakeQueue(queue.url, { clock: () => clock.now() + relayAheadMs }, open),
    stream: {
      put: async ({ kind, stationId }) => {
        await sleep(STREAM_MS);
        if (kind === 'command') ended.set(stationId, clock.now());
      },
    },
    sites: { put: async () => {} },
  });
  /** The event source of the change stream: one batch after the other. */
  const follow = async (): Promise<void> => {
    await sleep(POLL_MS);
    const batch = changes.splice(0, BATCH);
    if (batch.length > 0) await relay(batch);
    return follow();
  };
  void follow();

  const answer = answerWakeUp({
    ...ports,
    mailbox: wakeMailbox(ports),
    settle: () => Promise.reject(new Error('Nobody answers')),
    queue: wakeQueue(queue.url, system, open),
  });
  const consume = async (messages: readonly { readonly body: string }[]): Promise<readonly string[]> => {
    for (const { body } of messages) {
      const message = queuedIn(body);
      if ('heldSince' in message) throw new Error('No request was held');
      await answer(message);
    }
    return [];
  };
  consumeQueue(sqs, { queueArn: queue.arn, batchSize: 10, consume }, system);

  const request = requestCommand(ports);
  const settle = settleReply(ports);
  return {
    stationIds,
    clock,
    ask: (stationId: string, timeoutMs: number) =>
      request({ stationId, action: 'ClearCache', payload: '{}', discriminator: 'n1', timeoutMs }, operator),
    /** Every station but those named answers what it was asked. */
    answerAllBut: async (silent: string): Promise<void> => {
      const open = answers.splice(0).map((text): [string, string] => JSON.parse(text));
      const said = open.filter(([stationId]) => stationId !== silent);
      const payload = { status: 'Accepted' };
      await Promise.all(
        said.map(([stationId, id]) => settle(stationId, { kind: 'result', id, payload }, '1.6', connection)),
      );
    },
    /** How long after its deadline (ms since the epoch) a command's end was known; undefined while it is not. */
    toldAfterMs: (stationId: string, deadlineAt: number): number | undefined => {
      const at = ended.get(stationId);
      return at === undefined ? undefined : at - deadlineAt;
    },
  };
};

describe('a time-out with nothing else happening', () => {
  const offsets = [0, 1, 249, 250, 251, 500, 999];
  it.each([
    ['clocks that agree', 0],
    ['a queue that is told too early an instant', 700],
    ['a queue that is told too late an instant', -700],
  ])('is told within seconds of its deadline, with %s', async (_, relayAheadMs) => {
    const late: number[] = [];
    for (const offsetMs of offsets)
      for (const timeoutMs of [1_000, 30_000]) {
        const stack = givenStack({ relayAheadMs });
        await stack.clock.runUntil(START_AT + offsetMs);
        const asking = stack.ask('S1', timeoutMs);
        await stack.clock.runUntil(START_AT + offsetMs + 100);
        const { sentAt = Number.NaN } = await asking;
        await stack.clock.runUntil(START_AT + 2 * MINUTE_MS);
        late.push(stack.toldAfterMs('S1', sentAt + timeoutMs) ?? Number.POSITIVE_INFINITY);
      }
    expect(late.filter((ms) => ms < 0 || ms > TOLD_WITHIN_MS)).toEqual([]);
  });
});

describe('a time-out while a thousand other commands end', () => {
  it('is told within seconds of its deadline as well', async () => {
    const silent = 'S1000';
    const stack = givenStack({ stations: 1_000 });
    const others = stack.stationIds.filter((stationId) => stationId !== silent);
    const asking = Promise.all(others.map((stationId) => stack.ask(stationId, 30_000)));
    await stack.clock.runUntil(START_AT + 5_000);
    await asking;
    const answering = stack.answerAllBut(silent);
    const last = stack.ask(silent, 2_000);
    await stack.clock.runUntil(START_AT + 6_000);
    await answering;
    const { sentAt = Number.NaN } = await last;
    await stack.clock.runUntil(START_AT + 2 * MINUTE_MS);
    expect(others.filter((stationId) => stack.toldAfterMs(stationId, 0) === undefined)).toEqual([]);
    expect(stack.toldAfterMs(silent, sentAt + 2_000)).toBeLessThan(TOLD_WITHIN_MS);
  });
});
