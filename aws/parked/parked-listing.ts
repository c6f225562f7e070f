import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ParkedListing } from '../../use-cases/ports/parked-records.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';
import { GIVEN_UP, parkedHour, parkedHours } from './parked-hour.ts';

const MOST_PAGES = 10;
const MOST_MS = 48 * HOUR_MS;
/** What Lambda gave up on is few: batches that were retried for a day. They are told of within this. */
const GIVEN_UP_FRESH_MS = 10 * 60_000;
/** Records of an hour are all there this long after its end, whatever the clocks of their writers say. */
const SETTLED_MS = 10 * 60_000;

type Listed = { readonly at: number; readonly times: readonly number[] };

/** Counts parked records. Each request is billed, and the sweep asks every minute: what cannot have changed is remembered. */
export const parkedListing = (bucket: string, open: OpenClient = openClient): ParkedListing => {
  const client = open(S3Client, callPolicies.query);
  const known = new Map<string, Listed>();

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

  /** The hours that were still being filled, or may have been, when something was listed at an instant. */
  const openHours = (at: number): readonly string[] =>
    parkedHours(at - SETTLED_MS, at).concat(parkedHour(at + HOUR_MS));

  const isCurrent = (prefix: string, { at }: Listed, now: number): boolean =>
    prefix === GIVEN_UP ? Math.abs(now - at) < GIVEN_UP_FRESH_MS : !openHours(at).includes(prefix);

  const listedUnder = async (prefix: string, now: number): Promise<readonly number[]> => {
    const before = known.get(prefix);
    if (before !== undefined && isCurrent(prefix, before, now)) return before.times;
    const times = await timesUnder(prefix);
    known.set(prefix, { at: now, times });
    return times;
  };

  return {
    between: async (fromMs, toMs) => {
      const prefixes = [GIVEN_UP, ...parkedHours(Math.max(fromMs, toMs - MOST_MS), toMs)];
      for (const prefix of known.keys()) if (!prefixes.includes(prefix)) known.delete(prefix);
      const listed = await Promise.all(prefixes.map((prefix) => listedUnder(prefix, toMs)));
      const times = listed.flat().filter((at) => at >= fromMs);
      return omitUndefined({
        records: times.length,
        newestAt: times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : undefined,
      });
    },
  };
};
