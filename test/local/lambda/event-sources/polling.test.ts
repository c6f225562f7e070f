import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { noJournal } from '../../../../local/journal.ts';
import { openCheckpoints } from '../../../../local/lambda/event-sources/checkpoints.ts';
import { pollShards, type StreamRecord } from '../../../../local/lambda/event-sources/poll-shards.ts';
import { eagerPolling, type Polling, pollingOf } from '../../../../local/lambda/event-sources/polling.ts';
import { localSystem } from '../../../../local/local-system.ts';

const stream = 'arn:aws:kinesis:eu-west-1:000000000000:stream/signals';

describe('how an event source comes by records', () => {
  it('is as documented where a measurement asks: pushed, asked for once a second, or four times', () => {
    const of = (arn: string) => {
      const { wokenAfterMs, idlePollMs } = pollingOf('documented', arn);
      return [wokenAfterMs, idlePollMs];
    };
    expect(of(`${stream}/consumer/allocate-site:1`)).toEqual([70, 1_000]);
    expect(of(stream)).toEqual([Infinity, 1_000]);
    expect(of('arn:aws:dynamodb:eu-west-1:000000000000:table/T/stream/1')).toEqual([Infinity, 250]);
  });

  it('is as eager as the machine allows otherwise', () => {
    expect(pollingOf('eager', stream)).toBe(eagerPolling);
  });
});

describe('a poller that waits', () => {
  /** How long a record that is written to an idle shard waits until it is handled, ms; undefined: longer than that. */
  const waitedMs = async (wokenAfterMs: number, atMostMs: number): Promise<number | undefined> => {
    const polling: Polling = { wokenAfterMs, busyPollMs: 60_000, idlePollMs: 60_000, discoverEveryMs: 60_000 };
    const written: StreamRecord[] = [];
    const listeners: (() => void)[] = [];
    const { promise: handled, resolve } = Promise.withResolvers<number>();
    const checkpoints = (await openCheckpoints(async () => noJournal(), expect.unreachable))('Source');
    const poller = pollShards(
      {
        batchInfo: 'KinesisBatchInfo',
        onWritten: (listener) => void listeners.push(listener),
        shards: async () => [{ shardId: 'only', parents: [] }],
        iterator: async () => 'next',
        read: async () => ({ next: 'next', records: written.splice(0) }),
      },
      { ...polling, batchSize: 10, windowMs: 0, system: localSystem, checkpoints },
      async () => {
        resolve(performance.now());
        return true;
      },
      (problem) => expect.unreachable(String(problem)),
    );
    await sleep(20);
    const from = performance.now();
    written.push({ sequenceNumber: '1', arrivedAt: 0, filterable: () => ({}), event: {} });
    for (const listener of listeners) listener();
    const at = await Promise.race([handled, sleep(atMostMs)]);
    await poller.stop();
    return at === undefined ? undefined : at - from;
  };

  it('is woken so long after a record was written, or not at all', async () => {
    expect(await waitedMs(70, 5_000)).toBeGreaterThanOrEqual(69);
    expect(await waitedMs(0, 5_000)).toBeLessThan(5_000);
    expect(await waitedMs(Infinity, 150)).toBeUndefined();
  });
});
