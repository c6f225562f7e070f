import { isFanOut } from '../../kinesis/kinesis-stream.ts';

/** How often a stream is looked at. A reader that calls back when a record was written needs no idle polls. */
export type Polling = {
  /** So long after a record was written an idle reader that is called back looks; Infinity: it waits for its next poll. */
  readonly wokenAfterMs: number;
  readonly busyPollMs: number;
  readonly idlePollMs: number;
  /** New shards appear only when a stream is split or DynamoDB rotates one. */
  readonly discoverEveryMs: number;
};

/** Polled often while records arrive and seldom while none do, so that an idle stack takes little of the processor. */
export const eagerPolling: Polling = { wokenAfterMs: 0, busyPollMs: 40, idlePollMs: 250, discoverEveryMs: 1_000 };

/** As eager as this machine allows, or as slow as AWS documents it: for measurements. */
export type PollingMode = 'eager' | 'documented';

/** Lambda asks a shard of Kinesis once a second, and one of a table's change stream four times (AWS Lambda, Developer Guide). */
const askedEvery = (intervalMs: number): Polling => ({
  wokenAfterMs: Infinity,
  busyPollMs: intervalMs,
  idlePollMs: intervalMs,
  discoverEveryMs: 1_000,
});

/** With enhanced fan-out records arrive about 70 ms after they were put (Kinesis Data Streams, Developer Guide). */
const pushed: Polling = { wokenAfterMs: 70, busyPollMs: 1_000, idlePollMs: 1_000, discoverEveryMs: 1_000 };

/** How an event source of Lambda comes by the records of a stream, given the ARN of the stream or of its consumer. */
export const pollingOf = (mode: PollingMode, eventSourceArn: string): Polling => {
  if (mode === 'eager') return eagerPolling;
  if (eventSourceArn.includes(':dynamodb:')) return askedEvery(250);
  return isFanOut(eventSourceArn) ? pushed : askedEvery(1_000);
};
