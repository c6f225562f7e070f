import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type RetryPolicy, retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import type { ExclusionSettings } from '../../use-cases/ports/exclusion-settings.ts';
import { documentClient } from './document-client.ts';

const scopeOf = (stationId: string): string => `exclusions#${stationId}`;

const untilOurs: RetryPolicy = {
  isTransient: (error) => error instanceof ConditionalCheckFailedException,
  attempts: 20,
  firstMs: 20,
  longestMs: 500,
};

export const exclusionSettings = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): ExclusionSettings => {
  const read = async (stationId: string) => {
    const { Item = {} } = await client.send(
      new GetCommand({ TableName: table, Key: { scope: scopeOf(stationId) }, ConsistentRead: true }),
    );
    return { exclusions: Item.exclusions ?? [], rev: Item.rev };
  };

  return {
    of: async (stationId) => (await read(stationId)).exclusions,
    change: async (stationId, change) => {
      await retry(
        async () => {
          // What was declared before there were revisions has none.
          const { exclusions, rev } = await read(stationId);
          await client.send(
            new UpdateCommand({
              TableName: table,
              Key: { scope: scopeOf(stationId) },
              UpdateExpression: 'SET exclusions = :exclusions, rev = :next',
              ConditionExpression: rev === undefined ? 'attribute_not_exists(rev)' : 'rev = :rev',
              ExpressionAttributeValues: {
                ':exclusions': change(exclusions),
                ':next': (rev ?? 0) + 1,
                ...(rev !== undefined && { ':rev': rev }),
              },
            }),
          );
        },
        untilOurs,
        system,
      );
    },
  };
};
