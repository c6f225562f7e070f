import type { StationExclusion } from '../../domain/uptime/uptime-row.ts';

/** What operators declared about outages, in table settings under 'exclusions#stationId'. */
export type ExclusionSettings = {
  readonly of: (stationId: string) => Promise<readonly StationExclusion[]>;
  /**
   * Changes what was declared for a station. Where somebody else does so meanwhile, `change` is asked again with what holds
   * then.
   */
  readonly change: (
    stationId: string,
    change: (declared: readonly StationExclusion[]) => readonly StationExclusion[],
  ) => Promise<void>;
};
