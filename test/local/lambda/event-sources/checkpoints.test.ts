import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { kinesisEndpoint } from '../../../../local/kinesis/kinesis-endpoint.ts';
import { kinesisReader } from '../../../../local/kinesis/kinesis-reader.ts';
import { openStreams, type StreamEntry } from '../../../../local/kinesis/streams.ts';
import { type CheckpointEntry, openCheckpoints } from '../../../../local/lambda/event-sources/checkpoints.ts';
import { eventSourceMapping } from '../../../../local/lambda/event-sources/event-source-mapping.ts';
import { startEventSource } from '../../../../local/lambda/event-sources/start-event-source.ts';
import { localSystem } from '../../../../local/local-system.ts';
import { journalClosedAtEnd } from '../../../support/journal-closed-at-end.ts';

const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
afterAll(() => rmSync(folder, { recursive: true }));
const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const mapping = {
  logicalId: 'Source',
  properties: eventSourceMapping.properties.parse({ EventSourceArn: 'arn:source', FunctionName: 'f', BatchSize: 2 }),
};

/** One run of a stack with a stream and a consumer that handles what `takes` lets it. */
const run = async (takes: (text: string) => boolean) => {
  const streams = await openStreams(
    (current) => journalClosedAtEnd<StreamEntry>(join(folder, 'kinesis.jsonl'), current),
    localSystem.clock,
  );
  await streams.create('s', 1);
  const { call } = kinesisEndpoint(streams, localSystem.clock);
  const checkpoints = await openCheckpoints(
    (current) => journalClosedAtEnd<CheckpointEntry>(join(folder, 'checkpoints.jsonl'), current),
    expect.unreachable,
  );
  const seen: string[] = [];
  const reader = kinesisReader(call, 'arn:aws:kinesis:eu-west-1:000000000000:stream/s', account);
  const start = () =>
    startEventSource(mapping, reader, {
      invoke: async (_arn, event) => {
        const texts = (event as { Records: { kinesis: { data: string } }[] }).Records.map(({ kinesis }) =>
          Buffer.from(kinesis.data, 'base64').toString(),
        );
        if (!texts.every(takes)) throw new Error('killed in the midst of it');
        seen.push(...texts);
      },
      deliverFailure: expect.unreachable,
      report: () => undefined,
      system: localSystem,
      checkpoints: checkpoints('Source'),
      handedOver: () => undefined,
    });
  const put = (text: string) => streams.put('s', 'k', Buffer.from(text).toString('base64'));
  return { start, put, seen };
};

it('after a run was killed, hands over only records that run had not handled', async () => {
  const first = await run((text) => text < 'e');
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) await first.put(text);
  const killed = first.start();
  await vi.waitFor(() => expect(first.seen).toEqual(['a', 'b', 'c', 'd']));
  await new Promise((resolve) => setTimeout(resolve, 100));

  const second = await run(() => true);
  const poller = second.start();
  await second.put('g');
  await vi.waitFor(() => expect(second.seen).toEqual(['e', 'f', 'g']));
  await Promise.all([killed.stop(), poller.stop()]);
});
