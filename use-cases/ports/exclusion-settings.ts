import type { Exclusion } from '../../domain/uptime/uptime-row.ts';

/** An exclusion of a whole station, or of one connector of it ('evseId#connectorId'). */
export type StationExclusion = Exclusion & { readonly connectorKey?: string; readonly note?: string };

/** What operators declared about outages, in table settings under 'exclusions#stationId'. */
export type ExclusionSettings = {
  readonly of: (stationId: string) => Promise<readonly StationExclusion[]>;
  /** Replaces what was declared for a station. */
  readonly put: (stationId: string, exclusions: readonly StationExclusion[]) => Promise<void>;
};
