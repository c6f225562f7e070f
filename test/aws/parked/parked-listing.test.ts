import { describe, expect, it } from 'vitest';
import { parkedListing } from '../../../aws/parked/parked-listing.ts';
import { opening } from '../../support/opening.ts';

const HOUR = 3_600_000;
const noon = Date.parse('2026-11-20T12:00:00.000Z');

/** A bucket by prefix, in pages of two; tells which prefixes were listed. */
const bucketOf = (objects: Readonly<Record<string, readonly number[]>>) => {
  const asked: string[] = [];
  const send = async ({ input }: { input: { Prefix: string; ContinuationToken?: string } }) => {
    const from = Number(input.ContinuationToken ?? 0);
    if (from === 0) asked.push(input.Prefix);
    const all = objects[input.Prefix] ?? [];
    return {
      Contents: all.slice(from, from + 2).map((at) => ({ LastModified: new Date(at) })),
      ...(from + 2 < all.length ? { NextContinuationToken: String(from + 2) } : {}),
    };
  };
  return { asked, listing: parkedListing('parked', opening({ send })) };
};

describe('what was parked of late', () => {
  it('is counted over all pages of the hours in question, and of what Lambda gave up on', async () => {
    const { asked, listing } = bucketOf({
      'records/2026/11/20/10/': [noon - 1.5 * HOUR],
      'records/2026/11/20/11/': [noon - HOUR, noon - 40_000, noon - 30_000],
      'records/2026/11/20/12/': [noon + 1],
      'aws/lambda/': [noon - 30 * HOUR, noon - 50_000],
    });
    expect(await listing.between(noon - HOUR, noon + 2)).toEqual({ records: 5, newestAt: noon + 1 });
    expect(asked.sort()).toEqual(['aws/lambda/', 'records/2026/11/20/11/', 'records/2026/11/20/12/']);
  });

  it('is found however many were parked before', async () => {
    const before = Array.from({ length: 30_000 }, () => noon - 3 * HOUR);
    const { listing } = bucketOf({ 'records/2026/11/20/09/': before, 'records/2026/11/20/12/': [noon + 5] });
    expect(await listing.between(noon - HOUR, noon + 10)).toEqual({ records: 1, newestAt: noon + 5 });
  });

  it('is nothing where nothing was, and of no longer than two days', async () => {
    const { asked, listing } = bucketOf({});
    expect([await listing.between(0, noon), asked.length]).toEqual([{ records: 0 }, 50]);
  });

  it('is asked for anew every minute in the hours that may still grow, and not in those that are over', async () => {
    const { asked, listing } = bucketOf({ 'records/2026/11/20/11/': [noon - 1] });
    const minutes = Array.from({ length: 61 }, (_, minute) => noon + minute * 60_000);
    for (const at of minutes) await listing.between(at - HOUR, at);
    const times = (prefix: string) => asked.filter((one) => one === prefix).length;
    expect({
      over: times('records/2026/11/20/11/'),
      growing: times('records/2026/11/20/12/'),
      givenUp: times('aws/lambda/'),
    }).toEqual({ over: 11, growing: 61, givenUp: 7 });
  });
});
