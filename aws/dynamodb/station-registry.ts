import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { FormerRegistration } from '../../domain/registry/former-registration.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import { batchGet } from './batch-get.ts';
import { documentClient } from './document-client.ts';
import { stationFromItem } from './station-item.ts';

/**
 * No index knows former registrations: the whole table is read for them, in parts side by side, as a report has half a minute.
 * What was found serves the reports of the next minute, of one site after the other.
 */
const PARTS = 16;
const FRESH_MS = 60_000;

/** The registry in DynamoDB. */
export const stationRegistry = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): StationRegistry => {
  const itemsOfSite = async (siteId: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        IndexName: 'bySite',
        KeyConditionExpression: 'siteId = :siteId',
        ExpressionAttributeValues: { ':siteId': siteId },
      },
    );
    const keys: { stationId: string }[] = [];
    for await (const page of pages) for (const item of page.Items ?? []) keys.push({ stationId: item.stationId });
    return batchGet(client, system, table, keys);
  };
  const ofSite = async (siteId: string): Promise<Registration[]> =>
    (await itemsOfSite(siteId)).flatMap(({ registration }) =>
      registration === undefined ? [] : [registration as Registration],
    );

  const ofNetwork = async (): Promise<Registration[]> => {
    const found: Registration[] = [];
    const pages = paginateScan({ client }, { TableName: table, FilterExpression: 'attribute_exists(registration)' });
    for await (const page of pages) for (const item of page.Items ?? []) found.push(item.registration);
    return found;
  };

  let known: { readonly at: number; readonly all: readonly FormerRegistration[] } | undefined;

  const formerOfAll = async (): Promise<readonly FormerRegistration[]> => {
    const part = async (Segment: number): Promise<readonly FormerRegistration[]> => {
      const found: FormerRegistration[] = [];
      const request = {
        TableName: table,
        Segment,
        TotalSegments: PARTS,
        FilterExpression: 'attribute_exists(former)',
        ProjectionExpression: 'former',
      };
      for await (const page of paginateScan({ client }, request))
        for (const { former } of page.Items ?? []) found.push(...former);
      return found;
    };
    return (await Promise.all(Array.from({ length: PARTS }, (_, index) => part(index)))).flat();
  };

  const find = async (stationId: string): Promise<Registration | undefined> => {
    const { Item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { stationId },
        ConsistentRead: true,
        ProjectionExpression: 'registration',
      }),
    );
    return Item?.registration;
  };

  return {
    find,
    put: async (registration) => {
      const { stationId, siteId, zoneId, region } = registration;
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET registration = :registration, siteId = :siteId, zoneId = :zoneId, #region = :region',
          ExpressionAttributeNames: { '#region': 'region' },
          ExpressionAttributeValues: {
            ':registration': registration,
            ':siteId': siteId,
            ':zoneId': zoneId,
            ':region': region,
          },
        }),
      );
    },
    list: async (siteId) => {
      const found = siteId === undefined ? await ofNetwork() : await ofSite(siteId);
      return found
        .filter((registration) => registration !== undefined)
        .sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
    },
    listAble: async (siteId) =>
      (await itemsOfSite(siteId))
        .map(stationFromItem)
        .flatMap(({ registration, state }) =>
          registration === undefined ? [] : [{ registration, ...omitUndefined({ capabilities: state?.capabilities }) }],
        )
        .sort((a, b) => (a.registration.stationId < b.registration.stationId ? -1 : 1)),
    former: async () => {
      const now = system.clock();
      if (known === undefined || now - known.at > FRESH_MS) known = { at: now, all: await formerOfAll() };
      return known.all.toSorted((a, b) => Number(a.stationId > b.stationId) - Number(a.stationId < b.stationId));
    },
    remove: async (stationId, decommissionedAt) => {
      const registration = await find(stationId);
      if (registration === undefined) return false;
      const former: FormerRegistration = { ...registration, decommissionedAt };
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { stationId },
            UpdateExpression:
              'SET former = list_append(if_not_exists(former, :none), :former) REMOVE registration, siteId, zoneId, #region',
            ConditionExpression: 'attribute_exists(registration)',
            ExpressionAttributeNames: { '#region': 'region' },
            ExpressionAttributeValues: { ':none': [], ':former': [former] },
          }),
        );
        known = undefined;
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return false;
      }
    },
  };
};
