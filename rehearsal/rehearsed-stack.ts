/** A stack that runs, wherever it runs: this process's environment leads the SDK to it until it is stopped. */
export type RehearsedStack = {
  readonly name: string;
  /** Chargers append their id. */
  readonly url: string;
  readonly output: (name: string) => string;
  /** Everything heard on the bus so far. */
  readonly events: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs the work of a minute, where the stack's own schedule does not. */
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
};
