import type { StationExclusion } from '../../domain/uptime/uptime-row.ts';

/** What operators declared about outages, in table settings under 'exclusions#stationId'. */
export type ExclusionSettings = {
  readonly of: (stationId: string) => Promise<readonly StationExclusion[]>;
  /** Replaces what was declared for a station. */
  readonly put: (stationId: string, exclusions: readonly StationExclusion[]) => Promise<void>;
};
