/** What a sweep cost and did. */
export type SweepFigures = {
  readonly stations: number;
  readonly connectors: number;
  readonly readUnits: number;
  readonly watched: number;
  readonly revised: number;
};

/**
 * What a sweep of windows came to, in pieces of series: marked because their time is over or the sweep stood still, computed
 * again because they were marked, and left for the next run.
 */
export type WindowFigures = { readonly marked: number; readonly repeated: number; readonly left: number };
