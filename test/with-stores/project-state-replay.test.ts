import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { fakeSceneStore } from '../fakes/aggregate-store.ts';
import { createTable, localClient, localDocuments } from '../support/dynamodb-local.ts';
import { type Message, registration, stationDay } from '../support/station-days.ts';
import {
  bare,
  crashing,
  deduped,
  deliverAll,
  history,
  type Invocation,
  invocations,
  oracle,
  uncounted,
} from '../use-cases/project-state/adversity.ts';
import { streamOf, type Without, worker } from '../use-cases/project-state/deliver.ts';

const start = { stationId: 'S1', station: { registration: registration('S1') }, connectors: [] };

const outcome = async (day: readonly Message[], plan: readonly Invocation[], without: Without = {}) => {
  const store = fakeSceneStore([registration('S1')], { isGuarded: !without.guard });
  await deliverAll(streamOf('S1', day, without), plan, (crashes) => worker(crashing(store, crashes.values()), without));
  return { aggregate: await store.load('S1'), log: store.log };
};

const expected = (day: readonly Message[]) => oracle(start, streamOf('S1', day));

const property = (without: Without) =>
  fc.asyncProperty(stationDay, invocations, async (day, plan) => {
    const { aggregate, log } = await outcome(day, plan, without);
    const should = expected(day);
    expect(bare(aggregate)).toEqual(bare(should.aggregate));
    expect(history(log)).toEqual(history(should.log));
    if (!without.recordIds) expect(deduped(log)).toEqual(deduped(should.log));
  });

/** A day in which the gateway put some messages twice, the second time up to three places later. */
const repeatedDay = fc
  .tuple(stationDay, fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }), { maxLength: 40 }))
  .map(([day, delays]) => {
    const placed = day.flatMap((message, index) => {
      const delay = delays[index];
      const place = { message, at: index };
      return delay ? [place, { message, at: index + delay + 0.5 }] : [place];
    });
    return { day, repeated: placed.toSorted((a, b) => a.at - b.at).map(({ message }) => message) };
  });

describe('project-state', () => {
  it('leads to the same items and changes however its records are delivered', async () => {
    await fc.assert(property({}), { numRuns: 500 });
  });

  it.each<[string, Without]>([
    ['the guard', { guard: true }],
    ['the stop of a key at its first failure', { keyStop: true }],
    ['the padding of sequence numbers', { padding: true }],
    ['ids that name the record', { recordIds: true }],
  ])('would not without %s', async (_, without) => {
    const details = await fc.check(property(without), { numRuns: 500 });
    expect(details.failed).toBe(true);
  });

  it('makes nothing of messages that the gateway put on the stream twice', () => {
    fc.assert(
      fc.property(repeatedDay, ({ day, repeated }) => {
        const once = expected(day);
        const twice = expected(repeated);
        expect(uncounted(bare(twice.aggregate))).toEqual(uncounted(bare(once.aggregate)));
        expect(history(twice.log)).toEqual(history(once.log));
      }),
      { numRuns: 500 },
    );
  });
});

describe('project-state on DynamoDB', () => {
  const client = localClient(inject('dynamodbEndpoint'));
  const documents = localDocuments(inject('dynamodbEndpoint'));
  let tables = { connectors: '', stations: '' };
  beforeAll(async () => {
    tables = { connectors: await createTable(client, 'connectors'), stations: await createTable(client, 'stations') };
  });

  it('leads to the same items as in memory', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(stationDay, invocations, async (day, plan) => {
        number += 1;
        const stationId = `S${number}`;
        const store = aggregateStore(tables, documents);
        const own = registered(store, stationId);
        await deliverAll(streamOf(stationId, day), plan, (crashes) => worker(crashing(own, crashes.values())));
        const blank = { stationId, station: { registration: registration(stationId) }, connectors: [] };
        expect(bare(await own.load(stationId))).toEqual(bare(oracle(blank, streamOf(stationId, day)).aggregate));
      }),
      { numRuns: 15 },
    );
  });
});

/** The store with every station registered, as the operator's tool would have done. */
const registered = (
  store: ReturnType<typeof aggregateStore>,
  stationId: string,
): ReturnType<typeof aggregateStore> => ({
  ...store,
  load: async (id) => {
    const aggregate = await store.load(id);
    return { ...aggregate, station: { ...aggregate.station, registration: registration(stationId) } };
  },
});
