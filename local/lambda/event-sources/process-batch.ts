/**
 * What Lambda's stream event sources do with one batch: at least once, in order, restarting at the lowest failure,
 * halving on errors, and giving up to a destination when retries or age are exhausted.
 */
export type BatchRecord = { readonly sequenceNumber: string; readonly arrivedAt: number };

export type BatchSettings = {
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** Undefined: retry until the record expires, as the service does by default. */
  readonly maximumRetries: number | undefined;
  readonly maximumAgeMs: number | undefined;
};

export type GivenUp = {
  readonly condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';
  readonly invocations: number;
  readonly reason: string;
};

export type BatchPorts<Record extends BatchRecord> = {
  readonly invoke: (records: readonly Record[]) => Promise<unknown>;
  readonly giveUp: (records: readonly Record[], why: GivenUp) => Promise<void>;
  readonly now: () => number;
  /** Waits before retry number n (from 1). Resolves false when the runtime is stopping. */
  readonly pause: (retry: number) => Promise<boolean>;
};

type Outcome = { readonly failedAt: number; readonly reason: string };

/** Resolves when every record was handled or given up; false when stopped in between. */
export const processBatch = async <Record extends BatchRecord>(
  records: readonly Record[],
  settings: BatchSettings,
  ports: BatchPorts<Record>,
  failures = 0,
): Promise<boolean> => {
  let rest = records;
  let failed = failures;
  for (;;) {
    rest = await withoutExpired(rest, settings, ports, failed);
    if (rest.length === 0) return true;
    const outcome = await attempt(rest, settings, ports);
    if (outcome === undefined) return true;
    if (outcome.failedAt > 0) {
      // Progress: what stood before the lowest failure is done, and the rest starts with its retries unspent.
      rest = rest.slice(outcome.failedAt);
      failed = 1;
    } else if (settings.bisect && rest.length > 1) {
      // Halving spends no retry; the second half waits for the first, which keeps the shard in order.
      const middle = Math.ceil(rest.length / 2);
      if (!(await ports.pause(failed + 1))) return false;
      if (!(await processBatch(rest.slice(0, middle), settings, ports, failed))) return false;
      return await processBatch(rest.slice(middle), settings, ports, failed);
    } else {
      failed += 1;
    }
    if (settings.maximumRetries !== undefined && failed > settings.maximumRetries) {
      await ports.giveUp(rest, {
        condition: 'RetryAttemptsExhausted',
        invocations: failed,
        reason: outcome.reason,
      });
      return true;
    }
    if (!(await ports.pause(failed))) return false;
  }
};

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
    condition: 'MaximumRecordAgeExceeded',
    invocations,
    reason: `older than ${maximumAgeMs / 1_000} s`,
  });
  return records.filter((record) => record.arrivedAt >= oldest);
};

const attempt = async <Record extends BatchRecord>(
  records: readonly Record[],
  settings: BatchSettings,
  ports: BatchPorts<Record>,
): Promise<Outcome | undefined> => {
  try {
    const response = await ports.invoke(records);
    return settings.reportsItemFailures ? lowestFailure(records, response) : undefined;
  } catch (error) {
    return { failedAt: 0, reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Undefined when all succeeded. An identifier that is missing or not of this batch fails the whole batch. */
const lowestFailure = (records: readonly BatchRecord[], response: unknown): Outcome | undefined => {
  if (response === undefined || response === null) return undefined;
  const failures =
    typeof response === 'object' && 'batchItemFailures' in response ? (response.batchItemFailures ?? []) : undefined;
  if (failures === undefined && typeof response === 'object') return undefined;
  if (!Array.isArray(failures)) return { failedAt: 0, reason: `Malformed response ${JSON.stringify(response)}` };
  if (failures.length === 0) return undefined;
  const positions = failures.map((failure) =>
    records.findIndex((record) => record.sequenceNumber === failure?.itemIdentifier),
  );
  const failedAt = Math.min(...positions);
  if (failedAt < 0) return { failedAt: 0, reason: `Unknown item in ${JSON.stringify(failures)}` };
  return { failedAt, reason: `Handler reported ${failures.length} failed of ${records.length}` };
};
