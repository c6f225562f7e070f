import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../domain/kernel/fact.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { fold } from '../../../domain/station/fold.ts';
import type { AggregateStore } from '../../../use-cases/ports/aggregate-store.ts';
import { aggregateCache } from '../../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../../use-cases/project-state/project-state.ts';
import { fakeSceneStore } from '../../fakes/aggregate-store.ts';
import { status } from '../../support/facts.ts';
import { noon, registration, said } from '../../support/station-days.ts';
import { noReplies } from './deliver.ts';

const recordsOf = (facts: readonly (readonly Fact[])[]) =>
  facts.map((each, index) => ({ guard: guardOf('00', String(index + 1)), facts: each, heardAt: noon }));

/** Projects records onto a fresh station; tells the outboxes as they were written. */
const project = async (facts: readonly (readonly Fact[])[]) => {
  const store = fakeSceneStore([registration('S1')]);
  const outboxes: number[] = [];
  const written: (string | undefined)[] = [];
  const watched: AggregateStore = {
    ...store,
    commit: (writes, together) => {
      outboxes.push(...writes.map(({ item }) => item.outbox.length));
      written.push(...writes.flatMap(({ item }) => ('evseId' in item ? [item.report?.status] : [])));
      return store.commit(writes, together);
    },
  };
  const run = projectState({
    store: watched,
    cache: aggregateCache(10),
    fold,
    queue: noReplies,
  });
  await run(recordsOf(facts), 'S1');
  return { outboxes, written, aggregate: await store.load('S1'), log: store.log };
};

const flapping = Array.from({ length: 450 }, (_, index) => [
  status(index / 60, index % 2 ? 'charging' : 'suspendedEV'),
]);
const chatty = Array.from({ length: 60 }, (_, index): Fact[] => [
  { ...said(noon + index), type: 'DataTransferred', vendorId: 'Acme', data: 'x'.repeat(3900) },
]);

describe('an outbox', () => {
  it('is written before it holds many more than 200 changes, and none is lost', async () => {
    const { outboxes, log } = await project(flapping);
    expect(Math.max(...outboxes)).toBeLessThanOrEqual(202);
    expect(log.filter(({ type }) => type === 'ConnectorStatusChanged')).toHaveLength(450);
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  });

  it('is written before it holds many more than 100,000 characters', async () => {
    const { outboxes, log } = await project(chatty);
    expect(outboxes.length).toBeGreaterThan(1);
    expect(Math.max(...outboxes)).toBeLessThanOrEqual(26);
    expect(log.filter(({ type }) => type === 'StationEventRecorded')).toHaveLength(60);
  });

  it('is written where a fault begins and where it ends, for alerts to see one that came and went among waiting records', async () => {
    const words = ['available', 'preparing', 'faulted', 'faulted', 'available', 'charging', 'finishing'] as const;
    const { written } = await project(words.map((word, index) => [status(index, word)]));
    expect(written).toEqual(['faulted', 'faulted', 'available', 'finishing']);
  });
});
