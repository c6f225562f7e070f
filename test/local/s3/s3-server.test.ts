import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { close, listen } from '../../../local/http/http-server.ts';
import { objectStore } from '../../../local/s3/object-store.ts';
import { s3Server } from '../../../local/s3/s3-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-s3-'));
const server = s3Server(objectStore(folder), new Set(['parked']));
let client: S3Client;
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await listen(server, 0, '--s3-port')}`;
  client = new S3Client({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
afterAll(async () => {
  client.destroy();
  await close(server);
  rmSync(folder, { recursive: true });
});

const Bucket = 'parked';
const put = (Key: string, Body: string | Readable, ContentLength?: number) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...(ContentLength && { ContentLength }) }));
const get = async (Key: string) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const keys = async (Prefix: string) => {
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 2, ContinuationToken }));
    found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
};

it('keeps objects under any key, lists them page by page and deletes them', async () => {
  const names = ['a/1', 'a/2 & <3>', 'a/ü?.json', 'b/1'];
  for (const name of names) await put(name, `body of ${name}`);
  const listed = await keys('a/');
  const bodies = await Promise.all(listed.map(get));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/1' }));
  expect(listed).toEqual(['a/1', 'a/2 & <3>', 'a/ü?.json']);
  expect(bodies).toEqual(listed.map((name) => `body of ${name}`));
  expect(await keys('a/1')).toEqual([]);
});

it('takes a streamed body that the SDK sends in chunks', async () => {
  await put('streamed', Readable.from([Buffer.from('first '), Buffer.from('second')]), 12);
  expect(await get('streamed')).toBe('first second');
});

it('answers with the errors of S3', async () => {
  await expect(get('nowhere')).rejects.toThrow(NoSuchKey);
  await expect(client.send(new PutObjectCommand({ Bucket: 'other', Key: 'k', Body: 'x' }))).rejects.toThrow(
    NoSuchBucket,
  );
});

it('lets no key leave its bucket', async () => {
  const store = objectStore(folder);
  await store.put('parked', '../../../escaped/..', 'x');
  expect([await store.list('parked', '..'), await store.get('parked', '../../../escaped/..')]).toEqual([
    [{ key: '../../../escaped/..', sizeBytes: 1, modifiedAt: expect.any(Date) }],
    Buffer.from('x'),
  ]);
});
