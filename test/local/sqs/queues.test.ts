import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queuedIn, wakeQueue } from '../../../aws/commands/wake-queue.ts';
import { isTransient } from '../../../aws/is-transient.ts';
import { close, listen, urlAt } from '../../../local/http/http-server.ts';
import { noJournal } from '../../../local/journal.ts';
import { localSystem } from '../../../local/local-system.ts';
import { openQueues, type QueueEntry } from '../../../local/sqs/queues.ts';
import { sqsEndpoint } from '../../../local/sqs/sqs-endpoint.ts';
import { opening } from '../../support/opening.ts';

const ARN = 'arn:aws:sqs:local:0:wake';
const URL = 'https://sqs.local.amazonaws.com/0/wake';
const report = (problem: string): void => expect.unreachable(problem);

const setUp = async () => {
  const timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const time = { ms: 0 };
  const system = {
    ...localSystem,
    after: (durationMs: number, run: () => void) => {
      timers.push({ atMs: time.ms + durationMs, run });
      return () => undefined;
    },
  };
  const pass = (durationMs: number): void => {
    time.ms += durationMs;
    for (let due = timers.findIndex(({ atMs }) => atMs <= time.ms); due >= 0; ) {
      timers.splice(due, 1)[0]?.run();
      due = timers.findIndex(({ atMs }) => atMs <= time.ms);
    }
  };
  const queues = await openQueues([{ arn: ARN, visibilityTimeoutMs: 60_000 }], async () => noJournal(), system, report);
  return { queues, pass };
};

describe('queues', () => {
  it('keep messages nobody consumes', async () => {
    const { queues, pass } = await setUp();
    await queues.send(ARN, 'a');
    await queues.send(ARN, 'b', 5_000);
    expect(queues.messages(ARN)).toEqual(['a']);
    pass(5_000);
    expect(queues.messages(ARN)).toEqual(['a', 'b']);
  });

  it('keep no message that could not be noted', async () => {
    let kept: () => Iterable<QueueEntry> = () => [];
    const queues = await openQueues(
      [{ arn: ARN, visibilityTimeoutMs: 60_000 }],
      async (current) => {
        kept = current;
        return { ...noJournal<QueueEntry>(), append: async () => Promise.reject(new Error('no space left on device')) };
      },
      localSystem,
      report,
    );
    await expect(queues.send(ARN, 'sent again')).rejects.toThrow('no space left');
    expect([[...kept()], queues.messages(ARN)]).toEqual([[], []]);
  });

  it('hand messages over when their delay is over, together as many as fit', async () => {
    const { queues, pass } = await setUp();
    const batches: string[][] = [];
    queues.consume(ARN, 2, async (messages) => {
      batches.push(messages.map(({ body }) => body));
      return [];
    });
    for (const body of ['a', 'b', 'c']) await queues.send(ARN, body, 1_000);
    pass(999);
    expect(batches).toEqual([]);
    pass(1);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('hand over again, after the visibility timeout, what was not handled', async () => {
    const { queues, pass } = await setUp();
    const heard: string[] = [];
    queues.consume(ARN, 10, async (messages) => {
      heard.push(...messages.map(({ body }) => body));
      if (heard.length === 1) throw new Error('The function failed');
      return heard.length === 2 ? messages.map(({ messageId }) => messageId) : [];
    });
    const handled = () => new Promise((resolve) => setImmediate(resolve));
    await queues.send(ARN, 'a');
    pass(0);
    await handled();
    pass(59_999);
    expect(heard).toEqual(['a']);
    pass(1);
    await handled();
    expect(heard).toEqual(['a', 'a']);
    pass(60_000);
    expect(heard).toEqual(['a', 'a', 'a']);
  });
});

describe('queues with a journal', () => {
  it('keep what nobody has handled between runs, each message until it is due', async () => {
    const entries: QueueEntry[] = [];
    const journal = async () => ({
      entries: [...entries],
      append: async (entry: QueueEntry) => void entries.push(entry),
      close: async () => undefined,
    });
    const settings = [{ arn: ARN, visibilityTimeoutMs: 60_000 }];
    const system = { ...localSystem, clock: () => 0, after: () => () => undefined };
    const before = await openQueues(settings, journal, system, report);
    await before.send(ARN, 'handled');
    await before.send(ARN, 'due', 5_000);
    const [handled] = entries;
    if (handled !== undefined) entries.push({ messageId: handled.messageId, isDone: true });
    const after = await openQueues(settings, journal, { ...system, clock: () => 5_000 }, report);
    expect(after.messages(ARN)).toEqual(['due']);
  });

  it('tell that a message which was handled could not be noted as such, and go on', async () => {
    const problems: string[] = [];
    const journal = async () => ({
      entries: [],
      append: async (entry: QueueEntry) => {
        if ('isDone' in entry) throw new Error('no space left on device');
      },
      close: async () => undefined,
    });
    const atOnce = (_durationMs: number, run: () => void) => {
      run();
      return () => {};
    };
    const system = { ...localSystem, after: atOnce };
    const handled: string[] = [];
    const queues = await openQueues(
      [{ arn: ARN, visibilityTimeoutMs: 60_000 }],
      journal,
      system,
      (problem) => void problems.push(problem),
    );
    queues.consume(ARN, 1, async (messages) => {
      handled.push(...messages.map(({ body }) => body));
      return [];
    });
    await queues.send(ARN, 'one');
    await queues.send(ARN, 'two');
    await queues.stop();
    expect([handled, problems]).toEqual([
      ['one', 'two'],
      [`${ARN}: no space left on device`, `${ARN}: no space left on device`],
    ]);
  });
});

describe('a batch of which a part was handled and cannot be noted', () => {
  it('hands the other part over again', async () => {
    const full = async () => ({
      entries: [],
      append: async (entry: QueueEntry) => {
        if ('isDone' in entry) throw new Error('no space left on device');
      },
      close: async () => undefined,
    });
    const due: (() => void)[] = [];
    const after = (_durationMs: number, run: () => void) => {
      due.push(run);
      return () => {};
    };
    const settings = [{ arn: ARN, visibilityTimeoutMs: 60_000 }];
    const queues = await openQueues(settings, full, { ...localSystem, after }, () => undefined);
    const heard: string[][] = [];
    const pass = async () => {
      for (const run of due.splice(0)) run();
      await new Promise((resolve) => setImmediate(resolve));
    };
    await queues.send(ARN, 'handled');
    await queues.send(ARN, 'failed');
    queues.consume(ARN, 2, async (messages) => {
      heard.push(messages.map(({ body }) => body));
      return messages.filter(({ body }) => body === 'failed').map(({ messageId }) => messageId);
    });
    await pass();
    await pass();
    await pass();
    expect(heard).toEqual([['handled', 'failed'], ['failed']]);
  });
});

describe('the queue of wake-ups', async () => {
  const { queues, pass } = await setUp();
  const server = sqsEndpoint(queues, (url) => (url === URL ? ARN : 'no such queue'));
  let client: SQSClient;
  beforeEach(async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const endpoint = urlAt(await listen(server));
    client = new SQSClient({ endpoint, region: 'local', credentials, useQueueUrlAsEndpoint: false, maxAttempts: 1 });
  });
  afterEach(() => close(server));

  it('delays each message until it is due, at most 15 minutes', async () => {
    const queue = wakeQueue(URL, { clock: () => 10_000 }, opening(client));
    const stations = Array.from({ length: 11 }, (_, index) => `S${index}`);
    await queue.schedule(stations.map((stationId) => ({ stationId, dueAt: 11_500 })));
    await queue.schedule([
      { stationId: 'past', dueAt: 1 },
      { stationId: 'far', dueAt: 90_000_000 },
    ]);
    const visible = () => queues.messages(ARN).map((body) => Object(queuedIn(body)).stationId);
    expect(visible()).toEqual(['past']);
    pass(1_999);
    expect(visible()).toEqual(['past']);
    pass(1);
    expect(visible()).toEqual(['past', ...stations]);
    pass(898_000);
    expect(visible()).toEqual(['past', ...stations, 'far']);
  });

  it.each([
    ['InternalError', false, true],
    ['ServiceUnavailable', false, true],
    ['InvalidMessageContents', true, false],
  ])('throws what SQS says of a message it does not take: %s may pass or not', async (Code, SenderFault, mayPass) => {
    const failing = { send: async () => ({ Failed: [{ Id: '0', Code, SenderFault }] }) };
    const broken = wakeQueue(URL, { clock: () => 0 }, opening(failing));
    const error = await broken.schedule([{ stationId: 'S', dueAt: 1 }]).catch((reason: unknown) => reason);
    expect([String(error), isTransient(error)]).toEqual([`${Code}: 1 messages are not queued: ${Code}`, mayPass]);
  });

  it('takes an answer that is to be settled, at once', async () => {
    const reply = { stationId: 'S', ocpp: '1.6', frame: '[3,"m",{}]', receivedAt: 7 } as const;
    await wakeQueue(URL, { clock: () => 0 }, opening(client)).settle(reply);
    expect(queues.messages(ARN).map(queuedIn).at(-1)).toEqual(reply);
  });

  it('takes a request that is to be tried again, when it is due', async () => {
    const detail = { version: 1, id: 'order-4711', profile: { limitW: 11_000 } };
    const request = { source: 'booking', account: '1', detail, heldSince: 7 };
    const before = queues.messages(ARN).length;
    await wakeQueue(URL, { clock: () => 1_000 }, opening(client)).hold(request, 2_500);
    pass(1_999);
    expect(queues.messages(ARN)).toHaveLength(before);
    pass(1);
    expect(queues.messages(ARN).map(queuedIn).at(-1)).toEqual(request);
  });

  it('refuses what SQS refuses', async () => {
    const entry = { Id: '0', MessageBody: 'x', DelaySeconds: 901 };
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl: URL, Entries: [entry] }))).rejects.toThrow();
  });

  it.each([
    'junk',
    '{}',
    '{"stationId":"S"}',
    '{"stationId":"S","frame":"[]"}',
    '{"stationId":"S","frame":"[]","ocpp":"1.5","receivedAt":7}',
    '{"source":"booking","account":"1","detail":{}}',
    '{"source":"booking","detail":{},"heldSince":7}',
  ])('knows neither a wake-up, an answer nor a request in %s', (body) => {
    expect(() => queuedIn(body)).toThrow();
  });
});
