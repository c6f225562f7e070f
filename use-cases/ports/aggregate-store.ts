import type { Connector } from '../../domain/connector/connector.ts';
import type { Guard } from '../../domain/kernel/guard.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import type { StationState } from '../../domain/station/station-state.ts';

/** One guarded write: it counts only while the item's guard is still the one that was read ('' for no item). */
export type AggregateWrite =
  | { readonly kind: 'connector'; readonly readGuard: Guard; readonly item: Connector }
  | { readonly kind: 'station'; readonly readGuard: Guard; readonly item: StationState };

/** Stations with their connectors, as project-state reads and writes them. */
export type AggregateStore = {
  /** The station as it is now (consistent reads); an unknown one is empty. */
  readonly load: (stationId: string) => Promise<StationAggregate>;
  /**
   * Writes items, each under its guard: one after the other, or all or none (`together`).
   * Says 'conflict' when a guard was no longer the one read; other items of the call may have been written then.
   */
  readonly commit: (writes: readonly AggregateWrite[], together: boolean) => Promise<'committed' | 'conflict'>;
};
