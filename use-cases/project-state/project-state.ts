import type { StationAggregate, StationRecord } from '../../domain/station/station-aggregate.ts';
import type { FoldResult } from '../../domain/station/unit-of-work.ts';
import type { AggregateStore } from '../ports/aggregate-store.ts';
import type { WakeQueue } from '../ports/commands/wake-queue.ts';
import type { AggregateCache } from './aggregate-cache.ts';
import type { ReadRecord } from './record-of.ts';
import { WriteBatch } from './write-batch.ts';

/** Another worker kept changing the station under us: to be tried again from the start. */
export class StationContended extends Error {
  override readonly name = 'StationContended';
}

export type ProjectionPorts = {
  readonly store: AggregateStore;
  readonly cache: AggregateCache;
  readonly fold: (aggregate: StationAggregate, record: StationRecord) => FoldResult;
  readonly queue: Pick<WakeQueue, 'settle' | 'schedule'>;
};

const isRegistration = ({ facts }: StationRecord): boolean => facts.some(({ type }) => type === 'StationRegistered');

type Attempt = { readonly outcome: 'committed' | 'conflict'; readonly aggregate: StationAggregate };

/** The faults a station and its connectors report, as a text that differs whenever one begins, changes or ends. */
const faultsOf = ({ station, connectors }: StationAggregate): string =>
  [{ evseId: 0, connectorId: 0, report: station.state?.report }, ...connectors]
    .flatMap(({ evseId, connectorId, report }) =>
      report?.status === 'faulted' || report?.errorCode !== undefined
        ? [[evseId, connectorId, report.at, report.status, report.errorCode, report.vendorErrorCode].join(' ')]
        : [],
    )
    .join();

/**
 * Folds records over an aggregate and writes what they change, an outbox-full at a time. A write ends where a fault begins
 * or ends: alerts look at what is written, and one that came and went among records that waited for a store would be told
 * to nobody.
 */
const attempt = async (
  { store, fold }: ProjectionPorts,
  start: StationAggregate,
  records: readonly StationRecord[],
): Promise<Attempt> => {
  let aggregate = start;
  let writeBatch = new WriteBatch(aggregate);
  for (const [index, record] of records.entries()) {
    const faultsBefore = faultsOf(aggregate);
    const result = fold(aggregate, record);
    aggregate = result.aggregate;
    writeBatch.add(result);
    const isDue = writeBatch.isFull || index === records.length - 1 || faultsOf(aggregate) !== faultsBefore;
    if (!isDue || writeBatch.isEmpty) continue;
    const outcome = await store.commit(writeBatch.writes(aggregate), writeBatch.isIndivisible);
    if (outcome === 'conflict') return { outcome, aggregate };
    writeBatch = new WriteBatch(aggregate);
  }
  return { outcome: 'committed', aggregate };
};

/**
 * Projects records of one station, in order: one guarded write per touched item. After a conflict the station is read
 * again and the records are folded once more; what another worker has done by then is skipped by its guard. A record that
 * cannot be folded or stored fails the call; those before it may have been written, and are skipped when they come again.
 * What the gateway could not tell a mailbox is queued then, as often as its record comes: an answer, which a mailbox takes
 * once, or that the station is connected.
 */
export const projectState =
  (ports: ProjectionPorts) =>
  async (records: readonly ReadRecord[], stationId: string): Promise<void> => {
    const { cache, store, queue } = ports;
    const known = records.some(isRegistration) ? undefined : cache.get(stationId);
    cache.delete(stationId);
    const first = await attempt(ports, known ?? (await store.load(stationId)), records);
    const last = first.outcome === 'committed' ? first : await attempt(ports, await store.load(stationId), records);
    if (last.outcome === 'conflict') throw new StationContended(`Station ${stationId} is changed by another worker`);
    cache.set(stationId, last.aggregate);
    for (const { unsettled, wakeUp } of records) {
      if (unsettled !== undefined) await queue.settle(unsettled);
      if (wakeUp !== undefined) await queue.schedule([wakeUp]);
    }
  };
