import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../local/journal.ts';
import { openStreams, type StreamEntry } from '../../../local/kinesis/streams.ts';

/** A journal in memory, with what it would be replaced by. */
const journals = () => {
  const entries: StreamEntry[] = [];
  let current: () => Iterable<StreamEntry> = () => [];
  return {
    entries,
    rewrite: () => {
      entries.splice(0, entries.length, ...current());
    },
    open: async (now: () => Iterable<StreamEntry>): Promise<Journal<StreamEntry>> => {
      current = now;
      const append = async (entry: StreamEntry) => void entries.push(JSON.parse(JSON.stringify(entry)));
      return { entries: [...entries], append, close: async () => undefined };
    },
  };
};
const textsIn = (streams: Awaited<ReturnType<typeof openStreams>>): readonly string[] =>
  streams
    .of('s')
    .all()
    .flatMap(({ records }) => records.map(({ data }) => data));

describe('streams that are kept', () => {
  it('have their records and shards after the next start, and numbers that go on rising', async () => {
    const journal = journals();
    const first = await openStreams(journal.open, () => 1_000);
    await first.create('s', 2);
    await first.put('s', 'a', 'one', '0');
    await first.split('s', 'shardId-000000000000', '1000');
    const { sequenceNumber: before } = await first.put('s', 'a', 'two', '0');
    // The date was set back between the runs.
    const second = await openStreams(journal.open, () => 500);
    await second.create('s', 2);
    const { sequenceNumber: after } = await second.put('s', 'a', 'three', '0');
    expect(textsIn(second)).toEqual(['one', 'two', 'three']);
    expect(second.of('s').all()).toHaveLength(4);
    expect(after > before).toBe(true);
  });

  it('lose the records that all readers are past, and no other, when the journal is written anew', async () => {
    const journal = journals();
    const streams = await openStreams(journal.open, () => 1_000);
    await streams.create('s', 1);
    const handled = [streams.of('s').addReader(), streams.of('s').addReader()];
    const [one = '', two = ''] = [await streams.put('s', 'a', 'one'), await streams.put('s', 'a', 'two')].map(
      ({ sequenceNumber }) => sequenceNumber,
    );
    await streams.put('s', 'a', 'three');
    handled[0]?.('shardId-000000000000', two);
    journal.rewrite();
    const kept = () => journal.entries.flatMap((entry) => (entry.kind === 'put' ? entry.record.data : []));
    expect(kept()).toEqual(['one', 'two', 'three']);
    handled[1]?.('shardId-000000000000', one);
    journal.rewrite();
    expect(kept()).toEqual(['two', 'three']);
  });

  it('take an entry that stands in the journal twice as one', async () => {
    const journal = journals();
    const streams = await openStreams(journal.open, () => 1_000);
    await streams.create('s', 1);
    await streams.put('s', 'a', 'one');
    journal.entries.push(...journal.entries.filter(({ kind }) => kind === 'put'));
    expect(textsIn(await openStreams(journal.open, () => 2_000))).toEqual(['one']);
  });
});
