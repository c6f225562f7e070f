import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf } from '../../../async/all-of.ts';
import type { PublishedEvent } from '../../../domain/events/published-event.ts';
import { detectAlerts } from '../../../use-cases/detect-alerts/detect-alerts.ts';
import type { AlertTable } from '../../../use-cases/ports/alert-table.ts';
import type { EventBus } from '../../../use-cases/ports/event-bus.ts';
import type { ItemChange } from '../../../use-cases/ports/item-change.ts';
import { eventsOf, publishChanges } from '../../../use-cases/publish-changes/publish-changes.ts';
import { detailFaults } from '../../events/schemas.ts';
import { type MemoryAlertTable, memoryAlertTable } from '../../fakes/alert-table.ts';
import { changeRecords } from '../../support/change-records.ts';
import { stationDay } from '../../support/station-days.ts';

/** One invocation: how many records, from how far back, and where it crashes or the bus fails. */
type Invocation = { readonly length: number; readonly back: number; readonly faults: readonly boolean[] };
const invocations: fc.Arbitrary<readonly Invocation[]> = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 10 })),
    faults: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)), { maxLength: 6 }),
  }),
  { minLength: 3, maxLength: 12 },
);

const crash = (faults: Iterator<boolean>): void => {
  if (faults.next().value === true) throw new Error('The worker is gone');
};

/** A bus that takes some of what it is given and then fails; it keeps whatever it took. */
const faultyBus = (log: PublishedEvent[], faults: Iterator<boolean>): EventBus => ({
  put: async (events) => {
    for (const event of events) {
      crash(faults);
      log.push(event);
    }
    crash(faults);
    return [];
  },
});

/** A table that crashes before or after it has stored. */
const faultyTable = (table: AlertTable, faults: Iterator<boolean>): Pick<AlertTable, 'revise'> => ({
  revise: async (revision) => {
    crash(faults);
    const changed = await table.revise(revision);
    crash(faults);
    return changed;
  },
});

const overrides = async () => ({ '*': { lowPowerW: 8_000, lowPowerWindowMs: 60_000 } });

const deliver = (bus: EventBus, alerts: Pick<AlertTable, 'revise'>) =>
  allOf<ItemChange>(publishChanges(bus), detectAlerts({ alerts, overrides }));

/** What reaches deduplicating subscribers, by id. */
const deduped = (log: readonly PublishedEvent[]): readonly PublishedEvent[] =>
  [...new Map([...log].reverse().map((event) => [event.detail.id, event])).values()].sort((a, b) =>
    a.detail.id < b.detail.id ? -1 : 1,
  );

const toldBy = (table: MemoryAlertTable) => table.told.map(({ change }) => change);

const hostile = async (records: readonly ItemChange[], plan: readonly Invocation[]) => {
  const log: PublishedEvent[] = [];
  const table = memoryAlertTable();
  let reached = 0;
  for (const { length, back, faults } of plan) {
    const from = Math.max(0, reached - back);
    const batch = records.slice(from, from + length);
    const plannedFaults = faults.values();
    try {
      await deliver(faultyBus(log, plannedFaults), faultyTable(table, plannedFaults))(batch);
      reached = Math.max(reached, from + batch.length);
    } catch {
      reached = from; // a failed batch comes again from its first record
    }
  }
  await deliver(faultyBus(log, [].values()), table)(records.slice(reached));
  return { log, table };
};

const untroubled = async (records: readonly ItemChange[]) => {
  const log: PublishedEvent[] = [];
  const table = memoryAlertTable();
  const work = deliver(faultyBus(log, [].values()), table);
  for (const record of records) await work([record]);
  return { log, table };
};

const days = fc
  .tuple(stationDay, stationDay)
  .map(([one, other]) => [...changeRecords('CS-1', one), ...changeRecords('CS-2', other)]);

describe('publish-changes under crashes, duplicates and batches of any size', () => {
  it('puts on the bus, after deduplication by id, what an untroubled run does', async () => {
    await fc.assert(
      fc.asyncProperty(days, invocations, async (records, plan) => {
        const [troubled, calm] = [await hostile(records, plan), await untroubled(records)];
        expect(deduped(troubled.log)).toEqual(deduped(calm.log));
      }),
      { numRuns: 100 },
    );
  });

  it('tells the same alerts as an untroubled run, each change of theirs exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(days, invocations, async (records, plan) => {
        const [troubled, calm] = [await hostile(records, plan), await untroubled(records)];
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect(toldBy(troubled.table).toSorted(byId)).toEqual(toldBy(calm.table).toSorted(byId));
      }),
      { numRuns: 100 },
    );
  });

  it('gives every event an id of its own and a detail its schema accepts', async () => {
    await fc.assert(
      fc.asyncProperty(days, async (records) => {
        const { log, table } = await untroubled(records);
        const alertChanges = table.all().map((after): ItemChange => ({ kind: 'alert', after }));
        const all = [...log, ...alertChanges.flatMap(eventsOf)];
        expect(all.flatMap(({ type, detail }) => detailFaults(type, detail))).toEqual([]);
        expect(new Set(all.map(({ detail }) => detail.id)).size).toBe(all.length);
      }),
      { numRuns: 60 },
    );
  });
});
