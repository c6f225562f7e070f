/**
 * The right to sweep: of runs that overlap (a schedule delivers at least once, and late) one works. A run that died gives its
 * lease back by its time.
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
