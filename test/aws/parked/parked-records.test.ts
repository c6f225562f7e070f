import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parkedRecords } from '../../../aws/parked/parked-records.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { objectStore } from '../../../local/s3/object-store.ts';
import { s3Server } from '../../../local/s3/s3-server.ts';
import { system } from '../../../runtime/system.ts';
import type { ParkedRecord } from '../../../use-cases/ports/parked-records.ts';
import { opening } from '../../support/opening.ts';

const folder = mkdtempSync(join(tmpdir(), 'parked-'));
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

const record: ParkedRecord = {
  source: 'arn:aws:kinesis:eu-west-1:1:stream/ocpp',
  shardId: 'shardId-000000000003',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  partitionKey: 'S1',
  reason: 'not readable — “garbage”',
  data: '[2,"1",\u0000',
};
const keyOf = (consumer: string) =>
  `records/2026/11/20/12/${consumer}/ocpp/${record.shardId}/${record.sequenceNumber}.json`;

describe('a parked record', () => {
  const clock = () => Date.parse('2026-11-20T12:59:59.999Z');

  it('lies under its place in the stream with its reason and text, once however often a consumer parks it', async () => {
    const { park } = parkedRecords('parked', 'record-history', { clock }, opening(client));
    await park(record);
    await park(record);
    await parkedRecords('parked', 'publish-changes', { clock }, opening(client)).park({ ...record, reason: 'another' });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'parked' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([keyOf('publish-changes'), keyOf('record-history')]);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'parked', Key: keyOf('record-history') }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual(record);
  });

  it('that cannot be stored is an error, so that it is delivered again', async () => {
    await expect(parkedRecords('elsewhere', 'project-state', system, opening(client)).park(record)).rejects.toThrow();
  });
});
