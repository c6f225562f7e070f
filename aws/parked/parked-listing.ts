import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ParkedListing } from '../../use-cases/ports/parked-records.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';
import { parkedHours } from './parked-hour.ts';

const MOST_PAGES = 10;
const MOST_MS = 48 * 3_600_000;
/** What Lambda gave up on, batch by batch after a day of retries: few, and in an order of their own. */
const GIVEN_UP = 'aws/lambda/';

export const parkedListing = (
  bucket: string,
  client: Pick<S3Client, 'send'> = new S3Client(clientConfig(callPolicies.query)),
): ParkedListing => {
  const timesUnder = async (prefix: string): Promise<readonly number[]> => {
    const times: number[] = [];
    let ContinuationToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }));
      times.push(...(listed.Contents ?? []).map(({ LastModified }) => LastModified?.getTime() ?? 0));
      ContinuationToken = listed.NextContinuationToken;
      if (ContinuationToken === undefined) break;
    }
    return times;
  };
  return {
    between: async (fromMs, toMs) => {
      const prefixes = [GIVEN_UP, ...parkedHours(Math.max(fromMs, toMs - MOST_MS), toMs)];
      const times = (await Promise.all(prefixes.map(timesUnder))).flat().filter((at) => at >= fromMs);
      return omitUndefined({
        records: times.length,
        newestAt: times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : undefined,
      });
    },
  };
};
