import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import type { FoldResult } from '../../domain/station/unit-of-work.ts';
import type { AggregateWrite } from '../ports/aggregate-store.ts';

/** Beyond this an outbox is written before more is folded: an item holds 400 KB at most, and consumers read it whole. */
const MOST_CHANGES = 200;
const MOST_CHARACTERS = 100_000;

const STATION = 'station';

/** Changes of several records, gathered per item since the last write. */
export class WriteBatch {
  readonly #base: StationAggregate;
  readonly #changes = new Map<string, StateChange[]>();
  readonly #characters = new Map<string, number>();
  #isIndivisible = false;

  /** @param base the aggregate as it was read or last written: its guards are what the writes are conditional on. */
  constructor(base: StationAggregate) {
    this.#base = base;
  }

  add({ station, connectors, isIndivisible }: FoldResult): void {
    if (station) this.#add(STATION, station.changes);
    for (const { key, changes } of connectors) this.#add(connectorSortKey(key), changes);
    this.#isIndivisible ||= isIndivisible;
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  get isFull(): boolean {
    return (
      [...this.#changes.values()].some((changes) => changes.length > MOST_CHANGES) ||
      [...this.#characters.values()].some((count) => count > MOST_CHARACTERS)
    );
  }

  get isIndivisible(): boolean {
    return this.#isIndivisible;
  }

  /** One write per touched item, from the base to the aggregate now. */
  writes(aggregate: StationAggregate): readonly AggregateWrite[] {
    const readGuards = new Map(this.#base.connectors.map((item) => [connectorSortKey(item), item.guard]));
    const connectors = aggregate.connectors.flatMap((item): AggregateWrite[] => {
      const key = connectorSortKey(item);
      const outbox = this.#changes.get(key);
      return outbox ? [{ kind: 'connector', readGuard: readGuards.get(key) ?? '', item: { ...item, outbox } }] : [];
    });
    const { state } = aggregate.station;
    const outbox = this.#changes.get(STATION);
    const readGuard = this.#base.station.state?.guard ?? '';
    const station: AggregateWrite[] =
      state && outbox ? [{ kind: 'station', readGuard, item: { ...state, outbox } }] : [];
    return [...connectors, ...station];
  }

  #add(key: string, changes: readonly StateChange[]): void {
    this.#changes.set(key, [...(this.#changes.get(key) ?? []), ...changes]);
    this.#characters.set(key, (this.#characters.get(key) ?? 0) + JSON.stringify(changes).length);
  }
}
