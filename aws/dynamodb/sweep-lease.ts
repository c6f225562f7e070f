import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SweepLease } from '../../use-cases/ports/sweep/sweep-progress.ts';
import { documentClient } from './document-client.ts';

/** The lease of that name as one item of table timeline, without expiry. */
export const sweepLease = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
  name = 'sweep-fleet',
): SweepLease => {
  const key = { subject: 'lease', entryKey: name };
  const putIf = async (
    item: { readonly scheduledAt: number; readonly untilAt: number },
    condition: string,
    values: Readonly<Record<string, number>>,
  ): Promise<boolean> => {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...key, ...item },
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    take: ({ scheduledAt, now, untilAt }) =>
      putIf(
        { scheduledAt, untilAt },
        'attribute_not_exists(entryKey) OR (scheduledAt < :scheduledAt AND untilAt <= :now)',
        { ':scheduledAt': scheduledAt, ':now': now },
      ),
    release: async (scheduledAt) => {
      await putIf({ scheduledAt, untilAt: 0 }, 'scheduledAt = :scheduledAt', { ':scheduledAt': scheduledAt });
    },
  };
};
