import type { Change } from '../../domain/kernel/change.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { Folded } from '../../domain/station/draft.ts';
import type { Scene } from '../../domain/station/scene.ts';
import type { SceneWrite } from '../ports/scene-store.ts';

/** Beyond this an outbox is written before more is folded: an item holds 400 KB at most, and consumers read it whole. */
const MOST_CHANGES = 200;
const MOST_CHARACTERS = 100_000;

const STATION = 'station';

/** Changes of several records, gathered per item since the last write. */
export class Bundle {
  readonly #base: Scene;
  readonly #changes = new Map<string, Change[]>();
  readonly #characters = new Map<string, number>();
  #isIndivisible = false;

  /** @param base the scene as it was read or last written: its guards are what the writes are conditional on. */
  constructor(base: Scene) {
    this.#base = base;
  }

  add({ station, connectors, isIndivisible }: Folded): void {
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

  /** One write per touched item, from the base to the scene now. */
  writes(scene: Scene): readonly SceneWrite[] {
    const readGuards = new Map(this.#base.connectors.map((item) => [connectorSortKey(item), item.guard]));
    const connectors = scene.connectors.flatMap((item): SceneWrite[] => {
      const key = connectorSortKey(item);
      const outbox = this.#changes.get(key);
      return outbox ? [{ kind: 'connector', readGuard: readGuards.get(key) ?? '', item: { ...item, outbox } }] : [];
    });
    const { state } = scene.station;
    const outbox = this.#changes.get(STATION);
    const readGuard = this.#base.station.state?.guard ?? '';
    const station: SceneWrite[] = state && outbox ? [{ kind: 'station', readGuard, item: { ...state, outbox } }] : [];
    return [...connectors, ...station];
  }

  #add(key: string, changes: readonly Change[]): void {
    this.#changes.set(key, [...(this.#changes.get(key) ?? []), ...changes]);
    this.#characters.set(key, (this.#characters.get(key) ?? 0) + JSON.stringify(changes).length);
  }
}
