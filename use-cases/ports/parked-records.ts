/** A record that no retry can save, and why. */
export type ParkedRecord = {
  /** Where it came from: ARN of the stream. */
  readonly source: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly reason: string;
  /** The record's text, as it came. */
  readonly data: string;
};

export type ParkedRecords = { readonly park: (record: ParkedRecord) => Promise<void> };

/** How many records were parked from an instant on, and when the newest was. */
export type Parked = { readonly records: number; readonly newestAt?: number };

/** What was parked between two instants (ms): of records at most the last two days are looked at, of every hour 10,000. */
export type ParkedListing = { readonly between: (fromMs: number, toMs: number) => Promise<Parked> };

/** One object of the parked bucket: a record, a batch Lambda gave up on, what another service left. `at` is ms since the epoch. */
export type ParkedObject = { readonly key: string; readonly at: number };

/** The parked bucket, for people. */
export type ParkedArchive = {
  /** What was parked between two instants (ms), oldest first. */
  readonly list: (fromMs: number, toMs: number) => Promise<readonly ParkedObject[]>;
  /** The text of an object; undefined when there is none of that key. */
  readonly read: (key: string) => Promise<string | undefined>;
  readonly remove: (key: string) => Promise<void>;
};
