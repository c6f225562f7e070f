import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { System } from '../../async/system.ts';
import type { ParkedRecords } from '../../use-cases/ports/parked-records.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';
import { parkedHour } from './parked-hour.ts';

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/**
 * Parked records in S3. The key is the hour, who parked, and the record's place in its stream: parked again at once, as a
 * batch that is delivered again does, it is there once; parked by two consumers it is there twice, each time with its reason.
 */
export const parkedRecords = (
  bucket: string,
  consumer: string,
  { clock }: Pick<System, 'clock'>,
  open: OpenClient = openClient,
): ParkedRecords => {
  const client = open(S3Client, callPolicies.upload);
  return {
    park: async (record) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${parkedHour(clock())}${consumer}/${nameOf(record.source)}/${record.shardId}/${record.sequenceNumber}.json`,
          Body: JSON.stringify(record),
          ContentType: 'application/json',
        }),
      );
    },
  };
};
