/** What a sweep cost and did. */
export type SweepFigures = {
  readonly stations: number;
  readonly connectors: number;
  readonly readUnits: number;
  readonly watched: number;
  readonly revised: number;
};
