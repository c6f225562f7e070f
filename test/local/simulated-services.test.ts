import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, it, onTestFinished } from 'vitest';
import { close, listen } from '../../local/http/http-server.ts';
import { noJournal } from '../../local/journal.ts';
import { kinesisEndpoint } from '../../local/kinesis/kinesis-endpoint.ts';
import { kinesisReader } from '../../local/kinesis/kinesis-reader.ts';
import { openStreams } from '../../local/kinesis/streams.ts';
import type { ShardReader } from '../../local/lambda/event-sources/poll-shards.ts';
import { objectStore } from '../../local/s3/object-store.ts';
import { s3Server } from '../../local/s3/s3-server.ts';
import { simKinesis } from '../../sim/services/sim-kinesis.ts';
import { simS3 } from '../../sim/services/sim-s3.ts';
import { randomFrom } from '../sim/services/random-operations.ts';
import { account, simContext } from '../sim/services/world.ts';

const atEndpoint = (port: number) => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: account.region,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});

/** The name of the error, or the answer without what no two services have in common. */
const outcome = async (answer: Promise<object>, read: (answer: never) => unknown): Promise<unknown> =>
  answer.then(
    (found) => read(found as never),
    (error: Error) => error.name,
  );

const tell = async (reader: ShardReader) => {
  const told: unknown[] = [];
  for (const { shardId, parents } of await reader.shards()) {
    let iterator: string | undefined = await reader.iterator(shardId, undefined);
    for (let isIdle = false; iterator !== undefined && !isIdle; ) {
      const { next, records }: Awaited<ReturnType<ShardReader['read']>> = await reader.read(iterator, shardId, 7);
      for (const { event } of records) {
        const { partitionKey, data } = (event as { kinesis: { partitionKey: string; data: string } }).kinesis;
        told.push([shardId, parents, partitionKey, data]);
      }
      iterator = next;
      isIdle = records.length === 0;
    }
  }
  return told;
};

it('the simulated Kinesis answers 400 random puts and reshardings as that of the local run, and tells the same records', async () => {
  const [name, arn] = ['frames', 'arn:aws:kinesis:eu-west-1:123456789012:stream/frames'];
  const { clock, context } = simContext();
  const streams = await openStreams(async () => noJournal(), context.now);
  await streams.create(name, 2);
  const { server, call } = kinesisEndpoint(streams, context.now);
  const local = new KinesisClient({ ...atEndpoint(await listen(server)), requestHandler: new NodeHttpHandler() });
  onTestFinished(async () => {
    local.destroy();
    await close(server);
  });
  const sim = simKinesis([{ name, shards: 2 }], context);
  const random = randomFrom(11);
  const below = (limit: number): number => Math.floor(random() * limit);
  const record = () => ({
    PartitionKey: random() < 0.02 ? '' : `CS-${below(9)}`,
    Data: new TextEncoder().encode('x'.repeat(below(50))),
    ...(random() < 0.1 && { ExplicitHashKey: String(2n ** 127n - BigInt(below(2))) }),
  });
  for (let step = 0; step < 400; step += 1) {
    clock.now += below(5_000);
    if (random() < 0.03) {
      const open = sim.shards(name).filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined);
      const [one, other] = open.toSorted((a, b) => (a.hashRange[0] < b.hashRange[0] ? -1 : 1));
      if (one === undefined) throw new Error('No open shard');
      const [first, last] = one.hashRange;
      const theirs = streams.of(name);
      if (other !== undefined && open.length > 3) {
        theirs.merge(one.shardId, other.shardId);
        sim.merge(name, one.shardId, other.shardId);
      } else {
        theirs.split(one.shardId, String((first + last) / 2n + 1n));
        sim.split(name, one.shardId);
      }
    }
    const StreamName = random() < 0.02 ? 'other' : name;
    const many = Array.from({ length: 1 + below(6) }, record);
    const put = { StreamName, ...record() };
    const both =
      random() < 0.5
        ? [local, sim.client].map((client) =>
            outcome(client.send(new PutRecordCommand(put)), ({ ShardId }: { ShardId: string }) => ShardId),
          )
        : [local, sim.client].map((client) =>
            outcome(
              client.send(new PutRecordsCommand({ StreamName, Records: many })),
              ({ Records }: { Records: { ShardId: string }[] }) => Records.map(({ ShardId }) => ShardId),
            ),
          );
    const [theirs, ours] = await Promise.all(both);
    expect(ours).toEqual(theirs);
  }
  const ours = await tell(sim.reader(arn, account));
  expect(ours).toEqual(await tell(kinesisReader(call, arn, account)));
  expect(ours.length).toBeGreaterThan(500);
});

it('the simulated S3 answers 400 random requests as that of the local run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-s3-'));
  const server = s3Server(objectStore(folder), new Set(['bucket']));
  const local = new S3Client(atEndpoint(await listen(server)));
  onTestFinished(async () => {
    local.destroy();
    await close(server);
    rmSync(folder, { recursive: true });
  });
  const sim = simS3(['bucket'], simContext().context);
  const random = randomFrom(12);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let step = 0; step < 400; step += 1) {
    const Bucket = random() < 0.03 ? 'other' : 'bucket';
    const Key = `records/${below(3)}/${['a', 'b', 'é', 'z z'][below(4)]}/${below(5)}.json`;
    const kind = below(4);
    const Body = 'x'.repeat(1 + below(30));
    const [MaxKeys, StartAfter] = [1 + below(9), random() < 0.2 ? `records/${below(3)}` : undefined];
    const listed = async (client: S3Client): Promise<unknown> => {
      const pages: unknown[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: `records/${below(1)}`, MaxKeys, StartAfter, ContinuationToken }),
        );
        pages.push(page.Contents?.map(({ Key: key, Size }) => [key, Size]));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return pages;
    };
    const answer = (client: S3Client): Promise<unknown> => {
      if (kind === 0) return outcome(client.send(new PutObjectCommand({ Bucket, Key, Body })), () => 'put');
      if (kind === 1)
        return outcome(
          client.send(new GetObjectCommand({ Bucket, Key })),
          ({ Body: found }: { Body: { transformToString: () => Promise<string> } }) => found.transformToString(),
        );
      if (kind === 2) return outcome(client.send(new DeleteObjectCommand({ Bucket, Key })), () => 'deleted');
      return outcome(listed(client) as Promise<object>, (pages) => pages);
    };
    const theirs = await answer(local);
    expect(await answer(sim.client), `step ${step}`).toEqual(theirs);
  }
});
