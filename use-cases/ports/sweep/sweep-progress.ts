/** The instants up to which works are done, ms, by the name of the work. */
export type DoneUntil = Readonly<Record<string, number>>;

/** How far work that must not skip anything has come. */
export type Progress = {
  /** Of what needs the whole fleet. */
  readonly whole: DoneUntil;
  /** Of each segment of the fleet, in order. */
  readonly segments: readonly DoneUntil[];
};

/** Where progress is kept; nothing before the first run. */
export type SweepProgress = {
  readonly read: () => Promise<Progress | undefined>;
  readonly put: (progress: Progress) => Promise<void>;
};

/**
 * The right to sweep the fleet, or a segment of it: of runs that overlap (a schedule delivers at least once, and late) one
 * works. A run that died gives its lease back by its time.
 */
export type SweepLease = {
  /**
   * Takes the lease for the run of a scheduled instant until `untilAt`; both and `now` are ms since the epoch. False, and
   * nothing changed, while another run holds it, and for a run that is not later than the last one that took it.
   */
  readonly take: (lease: {
    readonly scheduledAt: number;
    readonly now: number;
    readonly untilAt: number;
  }) => Promise<boolean>;
  /** Gives the lease of a run back; without effect once a later run has taken it. */
  readonly release: (scheduledAt: number) => Promise<void>;
};

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
