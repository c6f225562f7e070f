import type { HeardEvent } from './heard-events.ts';

/** A stack that runs, wherever it runs: this process's environment leads the SDK to it until it is stopped. */
export type RehearsedStack = {
  readonly name: string;
  /** Chargers append their id. */
  readonly url: string;
  readonly output: (name: string) => string;
  /** Everything heard on the bus so far, each event once. */
  readonly events: () => Promise<readonly HeardEvent[]>;
  /** Runs the work of a minute, where the stack's own schedule does not. */
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
};
