/** Upper bounds of the latency buckets grow by 5 %, from 0.1 ms to about five minutes: quantiles are right to 5 %, in constant memory. */
const growth = 1.05;
const smallestMs = 0.1;
const buckets = 306;

/** Counts what was said to the CSMS and how it answered. One for a whole fleet. */
export type Traffic = {
  readonly sent: () => void;
  readonly answered: (latencyMs: number) => void;
  /** Answered with CALLERROR, or with something the schema forbids. */
  readonly refused: (action: string, code: string) => void;
  /** No answer within the time-out. */
  readonly timedOut: (action: string) => void;
  /** The socket went away, by the station's own doing or not, while the answer was outstanding. */
  readonly cut: () => void;
  /** A transaction message is sent once more. */
  readonly retried: () => void;
  /** A transaction message is given up after its last attempt. */
  readonly abandoned: (action: string) => void;
  readonly commanded: (action: string) => void;
  readonly reconnected: () => void;
  readonly read: () => TrafficCount;
};

export type TrafficCount = {
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
  readonly timedOut: number;
  readonly cut: number;
  readonly retried: number;
  readonly abandoned: number;
  readonly commands: number;
  readonly reconnects: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Why calls failed: 'Action Code' to count. */
  readonly failures: Readonly<Record<string, number>>;
};

/** The value below which this share of the counted latencies lies, ms; 0 when nothing was counted. */
const quantile = (counts: Uint32Array, share: number): number => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    seen += count;
    if (total > 0 && seen >= share * total) return Number((smallestMs * growth ** index).toFixed(2));
  }
  return 0;
};

export const traffic = (): Traffic => {
  const counts = new Uint32Array(buckets);
  const failures = new Map<string, number>();
  const tally = {
    sent: 0,
    answered: 0,
    refused: 0,
    timedOut: 0,
    cut: 0,
    retried: 0,
    abandoned: 0,
    commands: 0,
    reconnects: 0,
  };
  let maxMs = 0;
  const fail = (why: string) => failures.set(why, (failures.get(why) ?? 0) + 1);
  return {
    sent: () => void tally.sent++,
    answered: (latencyMs) => {
      tally.answered++;
      maxMs = Math.max(maxMs, latencyMs);
      const index = Math.ceil(Math.log(Math.max(latencyMs, smallestMs) / smallestMs) / Math.log(growth));
      const bucket = Math.min(index, buckets - 1);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    refused: (action, code) => {
      tally.refused++;
      fail(`${action} ${code}`);
    },
    timedOut: (action) => {
      tally.timedOut++;
      fail(`${action} timed out`);
    },
    cut: () => void tally.cut++,
    retried: () => void tally.retried++,
    abandoned: (action) => {
      tally.abandoned++;
      fail(`${action} abandoned`);
    },
    commanded: () => void tally.commands++,
    reconnected: () => void tally.reconnects++,
    read: () => ({
      ...tally,
      p50Ms: quantile(counts, 0.5),
      p99Ms: quantile(counts, 0.99),
      maxMs: Number(maxMs.toFixed(1)),
      failures: Object.fromEntries(failures),
    }),
  };
};
