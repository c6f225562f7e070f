import { type DynamoDBDocumentClient, GetCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { ThresholdOverrides, Thresholds } from '../../domain/alerts/thresholds.ts';
import type { ThresholdSettings } from '../../use-cases/ports/threshold-settings.ts';
import { documentClient } from './document-client.ts';

const FRESH_MS = 60_000;

/** Settings in DynamoDB, remembered for a minute: judging a record must not cost a read. */
export const thresholdSettings = (
  table: string,
  { clock }: Pick<System, 'clock'>,
  client: DynamoDBDocumentClient = documentClient(),
): ThresholdSettings => {
  let known: { readonly at: number; readonly overrides: ThresholdOverrides } | undefined;

  const load = async (): Promise<ThresholdOverrides> => {
    const found: Record<string, Partial<Thresholds>> = {};
    const pages = paginateScan({ client }, { TableName: table, FilterExpression: 'attribute_exists(thresholds)' });
    for await (const page of pages) for (const item of page.Items ?? []) found[item.scope] = item.thresholds;
    return found;
  };

  return {
    overrides: async () => {
      if (!known || clock() - known.at > FRESH_MS) known = { at: clock(), overrides: await load() };
      return known.overrides;
    },
    find: async (scope) => {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { scope }, ConsistentRead: true }));
      return Item?.thresholds ?? {};
    },
    put: async (scope, thresholds) => {
      // An update: other settings of the scope stand in the same item.
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { scope },
          UpdateExpression: 'SET thresholds = :thresholds',
          ExpressionAttributeValues: { ':thresholds': thresholds },
        }),
      );
    },
  };
};
