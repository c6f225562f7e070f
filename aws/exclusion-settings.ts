import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Exclusion } from '../domain/uptime/uptime-row.ts';
import { documentClient } from './document-client.ts';

/** An exclusion of a whole station, or of one connector of it ('evseId#connectorId'). */
export type StationExclusion = Exclusion & { readonly connectorKey?: string; readonly note?: string };

/** What operators declared about outages, in table settings under 'exclusions#stationId'. */
export type ExclusionSettings = {
  readonly of: (stationId: string) => Promise<readonly StationExclusion[]>;
  /** Replaces what was declared for a station. */
  readonly put: (stationId: string, exclusions: readonly StationExclusion[]) => Promise<void>;
};

const scopeOf = (stationId: string): string => `exclusions#${stationId}`;

export const exclusionSettings = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
): ExclusionSettings => ({
  of: async (stationId) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { scope: scopeOf(stationId) }, ConsistentRead: true }),
    );
    return Item?.exclusions ?? [];
  },
  put: async (stationId, exclusions) => {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { scope: scopeOf(stationId) },
        UpdateExpression: 'SET exclusions = :exclusions',
        ExpressionAttributeValues: { ':exclusions': exclusions },
      }),
    );
  },
});
