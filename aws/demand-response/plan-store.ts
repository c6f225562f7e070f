import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import type { System } from '../../async/system.ts';
import { emptyPlan, type PlannedStation, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { type PlanStore, STATIONS_PER_CHUNK } from '../../use-cases/ports/demand-response/plan-store.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { packed, unpacked } from '../dynamodb/packed.ts';

/** Entry of a plan's head; it names the revision whose chunks count. */
const PLAN = 'plan';
/** Chunks of older revisions remove themselves: nobody reads them once the head has moved on. */
const CHUNK_DAYS = 10;
const CONCURRENCY = 10;

type Plan = Omit<ZonePlan, 'stations'>;
type Stations = readonly PlannedStation[];
/** A plan of one chunk is one item with its stations: read and written in one request. */
type WholePlan = { readonly plan: Plan; readonly stations: Stations };
/** `copy` tells the chunks of two writers apart that want to write the same revision: only one of them gets the head. */
type HeadOfChunks = { readonly plan: Plan; readonly copy: string };
type Head = WholePlan | HeadOfChunks;

const isWhole = (head: Head): head is WholePlan => 'stations' in head;

const scopeOf = (zoneId: string): string => `zone#${zoneId}`;
const padded = (count: number, digits: number): string => String(count).padStart(digits, '0');
const revisionEntry = (rev: number, copy: string): string => `stations#${padded(rev, 10)}#${copy}#`;
const chunkEntry = (rev: number, copy: string, index: number): string =>
  `${revisionEntry(rev, copy)}${padded(index, 4)}`;

const stationsOf = (item: Readonly<Record<string, unknown>>): Stations =>
  unpacked(item.stations as Uint8Array) as Stations;

/**
 * Plans in table grid. Of a plan of several chunks these are written first, under their revision, and become the plan with the one guarded write of
 * the head: a writer that dies between the two leaves nothing that is read.
 */
export const planStore = (
  table: string,
  system: Pick<System, 'random'>,
  client: DynamoDBDocumentClient = documentClient(),
): PlanStore => {
  const headOf = async (zoneId: string): Promise<Head | undefined> => {
    const Key = { scope: scopeOf(zoneId), entry: PLAN };
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    if (Item === undefined) return undefined;
    const plan = Item.plan as Plan;
    return Item.stations === undefined ? { plan, copy: String(Item.copy) } : { plan, stations: stationsOf(Item) };
  };

  /** Writes a head in place of the one of a revision; 0: of none. Undone where another was first. */
  const putHead = async (head: Head, readRev: number): Promise<'committed' | 'conflict'> => {
    const { plan } = head;
    const rest = isWhole(head) ? { stations: packed(head.stations) } : { copy: head.copy };
    const condition =
      readRev === 0
        ? { ConditionExpression: 'attribute_not_exists(entry)' }
        : { ConditionExpression: 'rev = :read', ExpressionAttributeValues: { ':read': readRev } };
    const Item = { scope: scopeOf(plan.zoneId), entry: PLAN, rev: plan.rev, plan, ...rest };
    try {
      await client.send(new PutCommand({ TableName: table, Item, ...condition }));
      return 'committed';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'conflict';
      throw error;
    }
  };

  const putChunk = async ({ plan, copy }: HeadOfChunks, index: number, stations: Stations) => {
    const { zoneId, rev, decidedAt } = plan;
    const Item = {
      scope: scopeOf(zoneId),
      entry: chunkEntry(rev, copy, index),
      expiresAt: Math.floor(decidedAt / 1_000) + CHUNK_DAYS * 86_400,
      stations: packed(stations),
    };
    await client.send(new PutCommand({ TableName: table, Item }));
  };

  const allStations = async (head: Head): Promise<Stations> => {
    if (isWhole(head)) return head.stations;
    const { plan, copy } = head;
    const found: PlannedStation[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#scope = :scope AND begins_with(entry, :revision)',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: { ':scope': scopeOf(plan.zoneId), ':revision': revisionEntry(plan.rev, copy) },
      },
    );
    for await (const page of pages) for (const item of page.Items ?? []) found.push(...stationsOf(item));
    return found;
  };

  return {
    load: async (zoneId) => {
      const found = await headOf(zoneId);
      return found ? { ...found.plan, stations: await allStations(found) } : emptyPlan(zoneId);
    },
    loadChunk: async ({ zoneId, rev, index }) => {
      const found = await headOf(zoneId);
      if (found?.plan.rev !== rev) return undefined;
      const plan = { ...found.plan, stations: [] };
      if (isWhole(found)) return index === 0 ? { plan, stations: found.stations } : undefined;
      const Key = { scope: scopeOf(zoneId), entry: chunkEntry(rev, found.copy, index) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && { plan, stations: stationsOf(Item) };
    },
    commit: async ({ stations, ...plan }, readRev) => {
      if (stations.length <= STATIONS_PER_CHUNK) return putHead({ plan, stations }, readRev);
      const next = { plan, copy: padded(Math.floor(system.random() * 1e9), 9) };
      const chunks = [...chunksOf(stations, STATIONS_PER_CHUNK).entries()];
      await pMap(chunks, ([index, part]) => putChunk(next, index, part), { concurrency: CONCURRENCY });
      return putHead(next, readRev);
    },
    saveChunk: async ({ zoneId, rev, index }, stations) => {
      const found = await headOf(zoneId);
      if (found?.plan.rev !== rev) return;
      if (isWhole(found)) await putHead({ ...found, stations }, rev);
      else await putChunk(found, index, stations);
    },
  };
};
