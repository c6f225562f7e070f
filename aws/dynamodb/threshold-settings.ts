import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { ThresholdOverrides, Thresholds } from '../../domain/alerts/thresholds.ts';
import type { ThresholdPatch, ThresholdSettings } from '../../use-cases/ports/threshold-settings.ts';
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

  /** An update of single attributes: other thresholds, and other settings of the scope, stand in the same item. */
  const update = async (scope: string, expression: string, condition: string, values: object): Promise<boolean> => {
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { scope },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: { ...values } }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  };

  const changeEach = (scope: string, patch: ThresholdPatch): Promise<boolean> => {
    const set = Object.entries(patch).filter(([, value]) => value !== null);
    const unset = Object.entries(patch).filter(([, value]) => value === null);
    const expression = [
      ...(set.length > 0 ? [`SET ${set.map(([name]) => `thresholds.${name} = :${name}`).join(', ')}`] : []),
      ...(unset.length > 0 ? [`REMOVE ${unset.map(([name]) => `thresholds.${name}`).join(', ')}`] : []),
    ].join(' ');
    const values = Object.fromEntries(set.map(([name, value]) => [`:${name}`, value]));
    return update(scope, expression, 'attribute_exists(thresholds)', values);
  };

  const begin = (scope: string, patch: ThresholdPatch): Promise<boolean> => {
    const thresholds = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));
    const expression = 'SET thresholds = :thresholds';
    return update(scope, expression, 'attribute_not_exists(thresholds)', { ':thresholds': thresholds });
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
    change: async (scope, patch) => {
      if (Object.keys(patch).length === 0) return;
      // A scope without thresholds gets them all at once, unless somebody else was first.
      if ((await changeEach(scope, patch)) || (await begin(scope, patch))) return;
      await changeEach(scope, patch);
    },
  };
};
