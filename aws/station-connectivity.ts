import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Connectivity } from '../domain/station/station.ts';
import type { OcppVersion, Transport } from '../ocpp/envelope.ts';
import { documentClient } from './document-client.ts';

/** A connection that has just been opened. `at` is ms since the epoch, by the clock of the gateway that accepted it. */
export type Opening = {
  readonly stationId: string;
  readonly connectionId: string;
  readonly ocpp: OcppVersion;
  readonly transport: Transport;
  readonly at: number;
};

/** What became of an opening: recorded (with the connection it replaced), or refused without a trace. */
export type Opened =
  | { readonly outcome: 'recorded'; readonly previous?: Connectivity }
  | { readonly outcome: 'unknownStation' }
  /** A connection opened later is recorded already: the newest wins, and this is not it. */
  | { readonly outcome: 'outdated' };

/** What is known of a connection that has gone. */
export type Closed = { readonly ocpp: OcppVersion; readonly transport: Transport };

/** Who is connected: attributes `connectivity` and `lastSeenAt` of table stations, which only the gateway writes. */
export type StationConnectivity = {
  readonly open: (opening: Opening) => Promise<Opened>;
  /** The newest connection, which may have closed since (a consistent read); undefined for a station that never connected. */
  readonly newest: (stationId: string) => Promise<Connectivity | undefined>;
  /** Notes that a connection is gone; undefined, and nothing changed, when it is not the station's current one. */
  readonly close: (closing: {
    readonly stationId: string;
    readonly connectionId: string;
    readonly at: number;
  }) => Promise<Closed | undefined>;
  /**
   * Notes that a station spoke at `at`, unless it is known to have spoken after `notedBefore` (all ms).
   * Returns the instant that now stands: `at`, or the later one that was there; undefined for an unknown station.
   */
  readonly seen: (stationId: string, at: number, notedBefore: number) => Promise<number | undefined>;
};

/** Connectivity in DynamoDB: whatever changes it is one conditional UpdateItem, without a read before. */
export const stationConnectivity = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
): StationConnectivity => ({
  newest: async (stationId) => {
    const { Item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { stationId },
        ConsistentRead: true,
        ProjectionExpression: 'connectivity',
      }),
    );
    return Item?.connectivity;
  },
  open: async ({ stationId, connectionId, ocpp, transport, at }) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET connectivity = :opened, lastSeenAt = :at',
          ConditionExpression:
            'attribute_exists(registration) AND (attribute_not_exists(connectivity) OR connectivity.connectedAt <= :at)',
          ExpressionAttributeValues: { ':opened': { connectionId, ocpp, transport, connectedAt: at }, ':at': at },
          ReturnValues: 'UPDATED_OLD',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return Attributes?.connectivity === undefined
        ? { outcome: 'recorded' }
        : { outcome: 'recorded', previous: Attributes.connectivity };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { outcome: error.Item?.registration === undefined ? 'unknownStation' : 'outdated' };
    }
  },
  close: async ({ stationId, connectionId, at }) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET connectivity.disconnectedAt = :at REMOVE connectivity.connectionId',
          ConditionExpression: 'connectivity.connectionId = :connectionId',
          ExpressionAttributeValues: { ':connectionId': connectionId, ':at': at },
          ReturnValues: 'ALL_OLD',
        }),
      );
      const { ocpp, transport } = Attributes?.connectivity ?? {};
      return { ocpp, transport };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  },
  seen: async (stationId, at, notedBefore) => {
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET lastSeenAt = :at',
          ConditionExpression:
            'attribute_exists(registration) AND (attribute_not_exists(lastSeenAt) OR lastSeenAt <= :notedBefore)',
          ExpressionAttributeValues: { ':at': at, ':notedBefore': notedBefore },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return at;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const noted = error.Item?.lastSeenAt?.N;
      return error.Item?.registration === undefined || noted === undefined ? undefined : Number(noted);
    }
  },
});
