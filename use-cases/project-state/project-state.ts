import type { StationAggregate, StationRecord } from '../../domain/station/station-aggregate.ts';
import type { FoldResult } from '../../domain/station/unit-of-work.ts';
import type { AggregateStore } from '../ports/aggregate-store.ts';
import type { AggregateCache } from './aggregate-cache.ts';
import { WriteBatch } from './write-batch.ts';

/** Another worker kept changing the station under us: to be tried again from the start. */
export class StationContended extends Error {
  override readonly name = 'StationContended';
}

/** A record as it was delivered: its facts, and whatever tells where it came from. */
export type Delivered = { readonly value: StationRecord };

export type ProjectionPorts<Record extends Delivered> = {
  readonly store: AggregateStore;
  readonly cache: AggregateCache;
  readonly fold: (aggregate: StationAggregate, record: StationRecord) => FoldResult;
  /** Called for a record that cannot be folded, ever: the fold is pure, it would fail again. */
  readonly park: (record: Record, reason: string) => Promise<void>;
};

const isRegistration = ({ value }: Delivered): boolean => value.facts.some(({ type }) => type === 'StationRegistered');

const folded = (
  { fold }: Pick<ProjectionPorts<Delivered>, 'fold'>,
  aggregate: StationAggregate,
  record: StationRecord,
): FoldResult | Error => {
  try {
    return fold(aggregate, record);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

type Attempt = { readonly outcome: 'committed' | 'conflict'; readonly aggregate: StationAggregate };

/** Folds records over a aggregate and writes what they change, an outbox-full at a time. */
const attempt = async <Record extends Delivered>(
  ports: ProjectionPorts<Record>,
  start: StationAggregate,
  records: readonly Record[],
): Promise<Attempt> => {
  let aggregate = start;
  let writeBatch = new WriteBatch(aggregate);
  for (const [index, record] of records.entries()) {
    const result = folded(ports, aggregate, record.value);
    if (result instanceof Error) await ports.park(record, result.message);
    else {
      aggregate = result.aggregate;
      writeBatch.add(result);
    }
    const isDue = writeBatch.isFull || index === records.length - 1;
    if (!isDue || writeBatch.isEmpty) continue;
    const outcome = await ports.store.commit(writeBatch.writes(aggregate), writeBatch.isIndivisible);
    if (outcome === 'conflict') return { outcome, aggregate };
    writeBatch = new WriteBatch(aggregate);
  }
  return { outcome: 'committed', aggregate };
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
    cache.delete(stationId);
    const first = await attempt(ports, known ?? (await store.load(stationId)), records);
    const last = first.outcome === 'committed' ? first : await attempt(ports, await store.load(stationId), records);
    if (last.outcome === 'conflict') throw new StationContended(`Station ${stationId} is changed by another worker`);
    cache.set(stationId, last.aggregate);
  };
