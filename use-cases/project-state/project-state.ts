import type { Folded } from '../../domain/station/draft.ts';
import type { Scene, StationRecord } from '../../domain/station/scene.ts';
import type { SceneStore } from '../ports/scene-store.ts';
import { Bundle } from './bundle.ts';
import type { SceneCache } from './scene-cache.ts';

/** Another worker kept changing the station under us: to be tried again from the start. */
export class StationContended extends Error {
  override readonly name = 'StationContended';
}

/** A record as it was delivered: its facts, and whatever tells where it came from. */
export type Delivered = { readonly value: StationRecord };

export type ProjectionPorts<Record extends Delivered> = {
  readonly store: SceneStore;
  readonly cache: SceneCache;
  readonly fold: (scene: Scene, record: StationRecord) => Folded;
  /** Called for a record that cannot be folded, ever: the fold is pure, it would fail again. */
  readonly park: (record: Record, reason: string) => Promise<void>;
};

const isRegistration = ({ value }: Delivered): boolean => value.facts.some(({ type }) => type === 'StationRegistered');

const folded = (
  { fold }: Pick<ProjectionPorts<Delivered>, 'fold'>,
  scene: Scene,
  record: StationRecord,
): Folded | Error => {
  try {
    return fold(scene, record);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

type Attempt = { readonly outcome: 'committed' | 'conflict'; readonly scene: Scene };

/** Folds records over a scene and writes what they change, an outbox-full at a time. */
const attempt = async <Record extends Delivered>(
  ports: ProjectionPorts<Record>,
  start: Scene,
  records: readonly Record[],
): Promise<Attempt> => {
  let scene = start;
  let bundle = new Bundle(scene);
  for (const [index, record] of records.entries()) {
    const result = folded(ports, scene, record.value);
    if (result instanceof Error) await ports.park(record, result.message);
    else {
      scene = result.scene;
      bundle.add(result);
    }
    const isDue = bundle.isFull || index === records.length - 1;
    if (!isDue || bundle.isEmpty) continue;
    const outcome = await ports.store.commit(bundle.writes(scene), bundle.isIndivisible);
    if (outcome === 'conflict') return { outcome, scene };
    bundle = new Bundle(scene);
  }
  return { outcome: 'committed', scene };
};

/**
 * Projects records of one station, in order: one guarded write per touched item. After a conflict the station is read
 * again and the records are folded once more; what another worker has done by then is skipped by its guard.
 */
export const projectState =
  <Record extends Delivered>(ports: ProjectionPorts<Record>) =>
  async (stationId: string, records: readonly Record[]): Promise<void> => {
    const { cache, store } = ports;
    const known = records.some(isRegistration) ? undefined : cache.get(stationId);
    cache.drop(stationId);
    const first = await attempt(ports, known ?? (await store.load(stationId)), records);
    const last = first.outcome === 'committed' ? first : await attempt(ports, await store.load(stationId), records);
    if (last.outcome === 'conflict') throw new StationContended(`Station ${stationId} is changed by another worker`);
    cache.put(last.scene);
  };
