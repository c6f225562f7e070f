import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { ParkedArchive, ParkedObject } from '../../use-cases/ports/parked-records.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';
import { GIVEN_UP, parkedHours } from './parked-hour.ts';

/** What others left, in orders of their own: what Lambda gave up on, messages of MQTT, rows that Timestream refused later. */
const OF_OTHERS = [GIVEN_UP, 'mqtt/', 'timestream/'];

/** The parked bucket in S3. */
export const parkedArchive = (
  bucket: string,
  client: S3Client = new S3Client(clientConfig(callPolicies.operator)),
): ParkedArchive => ({
  list: async (fromMs, toMs) => {
    const found: ParkedObject[] = [];
    for (const Prefix of [...OF_OTHERS, ...parkedHours(fromMs, toMs)])
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }))
        for (const { Key = '', LastModified } of Contents) found.push({ key: Key, at: LastModified?.getTime() ?? 0 });
    return found.filter(({ at }) => at >= fromMs && at <= toMs).sort((a, b) => a.at - b.at);
  },
  read: async (key) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
  remove: async (key) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});
