import { InvocationFailed } from '../local-function.ts';

/**
 * What Lambda's stream event sources do with one batch, as AWS documents it in "Configuring partial batch response with
 * Kinesis Data Streams and Lambda" and "Retain discarded batch records for a Kinesis Data Streams event source in Lambda"
 * (the pages on DynamoDB say the same):
 *
 * - A record older than MaximumRecordAgeInSeconds is not sent; it goes to the failure destination.
 * - A report of failed items makes the lowest of them the checkpoint: it and what follows is sent again. With bisection on,
 *   this counts as splitting the batch there.
 * - A function error, or a report that names no item of the batch, fails the batch. With bisection on, it is halved.
 * - "Splitting batches doesn't consume the retry quota"; every other failed try does, and progress gives nothing back.
 * - Once MaximumRetryAttempts are spent, what is left of the batch goes to the failure destination as one: records behind a
 *   reported one go with it, although nobody reported them.
 * - What fails before the function runs (throttling) spends no retries: it is tried again until the record age.
 */
export const processBatch = async <Record extends BatchRecord>(
  records: readonly Record[],
  settings: BatchSettings,
  ports: BatchPorts<Record>,
  before: Tries = { failed: 0, retriesSpent: 0 },
): Promise<boolean> => {
  let rest = records;
  let { failed, retriesSpent } = before;
  for (;;) {
    rest = await withoutExpired(rest, settings, ports, failed);
    if (rest.length === 0) return true;
    const outcome = await attempt(rest, settings, ports);
    if (outcome.kind === 'handled') return true;
    if (outcome.kind !== 'not-invoked') failed += 1;
    if (outcome.kind === 'failed' && settings.bisect && rest.length > 1) {
      // The second half waits for the first, which keeps the shard in order.
      const middle = Math.ceil(rest.length / 2);
      if (!(await ports.pause(failed))) return false;
      if (!(await processBatch(rest.slice(0, middle), settings, ports, { failed, retriesSpent }))) return false;
      return await processBatch(rest.slice(middle), settings, ports, { failed, retriesSpent });
    }
    const isSplit = outcome.kind === 'reported' && outcome.failedAt > 0 && settings.bisect;
    if (outcome.kind === 'reported') rest = rest.slice(outcome.failedAt);
    const exhausted = retriesSpent === settings.maximumRetries;
    if (!isSplit && outcome.kind !== 'not-invoked') {
      if (exhausted) {
        await ports.giveUp(rest, {
          condition: 'RetryAttemptsExhausted',
          invocations: failed,
          functionFailed: outcome.kind === 'failed',
          reason: outcome.reason,
        });
        return true;
      }
      retriesSpent += 1;
    }
    if (!(await ports.pause(Math.max(1, failed)))) return false;
  }
};

export type BatchRecord = { readonly sequenceNumber: string; readonly arrivedAt: number };

export type BatchSettings = {
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** Undefined (-1 in the template): retry until the record expires. */
  readonly maximumRetries: number | undefined;
  readonly maximumAgeMs: number | undefined;
};

export type GivenUp = {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was invoked with the records. */
  readonly invocations: number;
  /** Whether the last invocation ended in an error, instead of a report. */
  readonly functionFailed: boolean;
  readonly reason: string;
};

export type BatchPorts<Record extends BatchRecord> = {
  /** Rejects with InvocationFailed when the function failed, and with anything else when it could not be invoked. */
  readonly invoke: (records: readonly Record[]) => Promise<unknown>;
  readonly giveUp: (records: readonly Record[], why: GivenUp) => Promise<void>;
  readonly now: () => number;
  /** Waits after failure number n (from 1). Resolves false when the runtime is stopping. */
  readonly pause: (failure: number) => Promise<boolean>;
};

type Tries = { readonly failed: number; readonly retriesSpent: number };

type Outcome =
  | { readonly kind: 'handled' }
  | { readonly kind: 'reported'; readonly failedAt: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'not-invoked' };

const withoutExpired = async <Record extends BatchRecord>(
  records: readonly Record[],
  { maximumAgeMs }: BatchSettings,
  ports: BatchPorts<Record>,
  invocations: number,
): Promise<readonly Record[]> => {
  if (maximumAgeMs === undefined) return records;
  const oldest = ports.now() - maximumAgeMs;
  const expired = records.filter((record) => record.arrivedAt < oldest);
  if (expired.length === 0) return records;
  await ports.giveUp(expired, {
    condition: 'RecordAgeExceeded',
    invocations,
    functionFailed: invocations > 0,
    reason: `older than ${maximumAgeMs / 1_000} s`,
  });
  return records.filter((record) => record.arrivedAt >= oldest);
};

const attempt = async <Record extends BatchRecord>(
  records: readonly Record[],
  settings: BatchSettings,
  ports: BatchPorts<Record>,
): Promise<Outcome> => {
  try {
    const response = await ports.invoke(records);
    return settings.reportsItemFailures ? reported(records, response) : { kind: 'handled' };
  } catch (error) {
    return error instanceof InvocationFailed ? { kind: 'failed', reason: error.message } : { kind: 'not-invoked' };
  }
};

/** An empty list, null, and an answer without the list are a success; an identifier that is not of the batch fails all of it. */
const reported = (records: readonly BatchRecord[], response: unknown): Outcome => {
  if (response === undefined || response === null) return { kind: 'handled' };
  const failures =
    typeof response === 'object' && 'batchItemFailures' in response ? (response.batchItemFailures ?? []) : undefined;
  if (failures === undefined && typeof response === 'object') return { kind: 'handled' };
  if (!Array.isArray(failures)) return { kind: 'failed', reason: `Malformed response ${JSON.stringify(response)}` };
  if (failures.length === 0) return { kind: 'handled' };
  const positions = failures.map((failure) =>
    records.findIndex((record) => record.sequenceNumber === failure?.itemIdentifier),
  );
  const failedAt = Math.min(...positions);
  if (failedAt < 0) return { kind: 'failed', reason: `Unknown item in ${JSON.stringify(failures)}` };
  return { kind: 'reported', failedAt, reason: `Handler reported ${failures.length} failed of ${records.length}` };
};
