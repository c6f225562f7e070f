import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

/** How many records were parked from an instant on, and when the newest was. */
export type Parked = { readonly records: number; readonly newestAt?: number };

/** Parked records since an instant (ms). Counts at most the bucket's first 10,000 objects: beyond that the number no longer matters. */
export type ParkedListing = { readonly since: (fromMs: number) => Promise<Parked> };

const MOST_PAGES = 10;

export const parkedListing = (bucket: string, client: Pick<S3Client, 'send'> = new S3Client({})): ParkedListing => ({
  since: async (fromMs) => {
    const times: number[] = [];
    let ContinuationToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken }));
      times.push(...(listed.Contents ?? []).map(({ LastModified }) => LastModified?.getTime() ?? 0));
      ContinuationToken = listed.NextContinuationToken;
      if (ContinuationToken === undefined) break;
    }
    const recent = times.filter((at) => at >= fromMs);
    return { records: recent.length, ...(recent.length > 0 ? { newestAt: Math.max(...recent) } : {}) };
  },
});
