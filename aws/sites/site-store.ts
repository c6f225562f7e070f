import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateScan, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { SiteState } from '../../domain/site/site-state.ts';
import type { KeptSite, SiteConfigurations, SiteStore } from '../../use-cases/ports/sites/site-store.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { packed, unpacked } from '../dynamodb/packed.ts';

const CONFIGURATION = 'configuration';
const STATE = 'state';
const FRESH_MS = 60_000;

type Item = Readonly<Record<string, unknown>>;

// Items of this table have one writer each: what it wrote is what comes back.
const configurationOf = (item: Item | undefined): SiteConfiguration | undefined =>
  item?.configuration as SiteConfiguration | undefined;

const keptOf = (item: Item | undefined): KeptSite | undefined =>
  item && { state: unpacked(item.packed as Uint8Array) as SiteState, keptAt: Number(item.keptAt) };

/** Stores an item under a condition on its revision; says whether it held. */
const putRevision = async (
  client: DynamoDBDocumentClient,
  table: string,
  item: Item & { readonly rev: number },
): Promise<boolean> => {
  const condition =
    item.rev === 1
      ? { ConditionExpression: 'attribute_not_exists(siteId)' }
      : { ConditionExpression: 'rev = :read', ExpressionAttributeValues: { ':read': item.rev - 1 } };
  try {
    await client.send(new PutCommand({ TableName: table, Item: item, ...condition }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Configurations in DynamoDB; the list of all is read through an index that holds nothing else, and remembered for a minute. */
export const siteConfigurations = (
  table: string,
  { clock }: Pick<System, 'clock'>,
  client: DynamoDBDocumentClient = documentClient(),
): SiteConfigurations => {
  let known: { readonly at: number; readonly all: readonly SiteConfiguration[] } | undefined;

  const load = async (): Promise<readonly SiteConfiguration[]> => {
    const found: SiteConfiguration[] = [];
    const pages = paginateScan({ client }, { TableName: table, IndexName: 'byConfigured' });
    for await (const page of pages) found.push(...(page.Items ?? []).map((item) => item.configuration));
    return found;
  };

  return {
    find: async (siteId) => {
      const key = { TableName: table, Key: { siteId, entry: CONFIGURATION }, ConsistentRead: true };
      return configurationOf((await client.send(new GetCommand(key))).Item);
    },
    put: async (configuration) => {
      const { siteId, revision: rev } = configuration;
      const item = { siteId, entry: CONFIGURATION, rev, configuredSiteId: siteId, configuration };
      return (await putRevision(client, table, item)) ? 'stored' : 'conflict';
    },
    all: async () => {
      if (!known || clock() - known.at > FRESH_MS) known = { at: clock(), all: await load() };
      return known.all;
    },
  };
};

/** Controlled sites in DynamoDB, packed: an item grows with the sessions of its site. */
export const siteStore = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): SiteStore => ({
  load: async (siteId) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'siteId = :siteId',
        ExpressionAttributeValues: { ':siteId': siteId },
        ConsistentRead: true,
      }),
    );
    const entry = (name: string): Item | undefined => Items.find((item) => item.entry === name);
    return omitUndefined({ kept: keptOf(entry(STATE)), configuration: configurationOf(entry(CONFIGURATION)) });
  },
  revision: async (siteId) => {
    const { Item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { siteId, entry: STATE },
        ConsistentRead: true,
        ProjectionExpression: 'rev',
      }),
    );
    return Item?.rev ?? 0;
  },
  commit: async (state, keptAt) => {
    const item = { siteId: state.siteId, entry: STATE, rev: state.rev, keptAt, packed: packed(state) };
    return (await putRevision(client, table, item)) ? 'committed' : 'conflict';
  },
  states: async (siteIds) => {
    const keys = [...new Set(siteIds)].map((siteId) => ({ siteId, entry: STATE }));
    const items = await batchGet(client, system, table, keys);
    return items.flatMap((item) => keptOf(item) ?? []);
  },
});
