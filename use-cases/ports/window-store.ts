import type { Window } from '../../domain/windows/window.ts';

/** What became of rows that were put. Everything not named was written. */
export type WindowsPut = {
  readonly written: number;
  /** Rows whose version was not above the stored one: replays, and late-comers to a recomputation. Not an error. */
  readonly stale: number;
  /** Rows the store will never take (outside its retention, malformed), each with the store's own reason. No retry mends them. */
  readonly rejected: readonly { readonly window: Window; readonly reason: string }[];
};

/**
 * Where windows are kept. Two adapters pass one contract (test/contracts/window-store.ts): Timestream and DynamoDB.
 * A store that is out of reach or throttles throws, and the caller's trigger delivers again.
 */
export type WindowStore = {
  /** Upserts rows by version. Of several rows with one name in a call the highest version counts. */
  readonly put: (windows: readonly Window[]) => Promise<WindowsPut>;
  /** Rows of the keys that start in [fromAt, toAt), ordered by start, then key. */
  readonly read: (series: string, keys: readonly string[], fromAt: number, toAt: number) => Promise<readonly Window[]>;
};
