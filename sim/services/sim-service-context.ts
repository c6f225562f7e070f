/** Where a fault may strike: a request on its way to a service (`before`) or its answer on the way back (`after`). */
export type FaultPoint = {
  readonly service: string;
  readonly operation: string;
  readonly table?: string;
  readonly at: 'before' | 'after';
};

/** How far a service goes within what its documentation allows, at this moment. Shares are from 0 to 1. */
export type Conduct = {
  /** Share of eventually consistent reads, of tables and of indexes, that show what was there before. */
  readonly staleReads: number;
  /** How old that may be at most (ms). */
  readonly stalestMs: number;
  /** Share of a batch's entries that the service hands back to be sent again. */
  readonly deferred: number;
  /** Share of transactions that are cancelled when somebody else writes one of their items in the same millisecond. */
  readonly conflicts: number;
  /** Share of a queue's messages that are delivered once more than needed. */
  readonly duplicates: number;
};

/** What users of the services see on an ordinary day. */
export const ordinaryConduct: Conduct = {
  staleReads: 0.1,
  stalestMs: 1_000,
  deferred: 0.01,
  conflicts: 0.5,
  duplicates: 0.01,
};

/** What emulators do: every read is fresh, every batch is taken whole. */
export const obligingConduct: Conduct = { staleReads: 0, stalestMs: 0, deferred: 0, conflicts: 0, duplicates: 0 };

/** What all services of the simulation are given: virtual time (ms), seeded randomness in [0,1), and a decision point for faults. */
export type SimServiceContext = {
  readonly now: () => number;
  readonly random: () => number;
  /** Called before a request is carried out and after it: may throw the service's error, or wait (a promise that the scheduler settles). */
  readonly fault: (point: FaultPoint) => Promise<void>;
  /** Default: ordinary. */
  readonly conduct?: () => Conduct;
};

/** Whether something happens that has this share. Draws no number for what never happens. */
export const happens = (share: number, random: () => number): boolean => share > 0 && random() < share;

/** The `$metadata` of answers and errors. */
export const metadata = (httpStatusCode = 200) => ({ httpStatusCode, attempts: 1, totalRetryDelay: 0 });

/** Carries a request out between its two fault points. */
export const throughFaults = async <Output>(
  { fault }: SimServiceContext,
  point: Omit<FaultPoint, 'at'>,
  carryOut: () => Output,
): Promise<Output> => {
  await fault({ ...point, at: 'before' });
  const output = carryOut();
  await fault({ ...point, at: 'after' });
  return output;
};
