import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { mqttPresence } from '../../domain/station/mqtt-presence.ts';
import type { Connectivity } from '../../domain/station/station.ts';
import type {
  ConnectionClosing,
  ConnectionOpening,
  Opened,
  StationConnectivity,
} from '../../use-cases/ports/station-connectivity.ts';
import { documentClient } from './document-client.ts';

/** How often a presence event is tried while others change the connectivity of its station. */
const PRESENCE_ATTEMPTS = 5;

/** Others changed the connectivity of a station each time we tried. */
class ConnectivityContended extends Error {
  override readonly name = 'ConnectivityContended';
}

/** Presence events of MQTT: each is held against what is known, and what follows is written if that still stands. */
const mqttConnectivity = (table: string, client: DynamoDBDocumentClient) => {
  const change = async <Result>(
    stationId: string,
    decide: (
      isRegistered: boolean,
      known: Connectivity | undefined,
      lastSeenAt: number | undefined,
    ) => { next?: Connectivity; seenAt?: number | undefined; result: Result },
  ): Promise<Result> => {
    for (let attempt = 0; attempt < PRESENCE_ATTEMPTS; attempt += 1) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { stationId },
          ConsistentRead: true,
          ProjectionExpression: 'connectivity, lastSeenAt, registration.stationId',
        }),
      );
      const known: Connectivity | undefined = Item?.connectivity;
      const { next, seenAt, result } = decide(Item?.registration !== undefined, known, Item?.lastSeenAt);
      if (next === undefined || next === known) return result;
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { stationId },
            UpdateExpression:
              seenAt === undefined ? 'SET connectivity = :next' : 'SET connectivity = :next, lastSeenAt = :at',
            ConditionExpression:
              known === undefined
                ? 'attribute_exists(registration) AND attribute_not_exists(connectivity)'
                : 'connectivity = :known',
            ExpressionAttributeValues: {
              ':next': next,
              ...omitUndefined({ ':known': known, ':at': seenAt }),
            },
          }),
        );
        return result;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
    throw new ConnectivityContended(stationId);
  };

  return {
    open: ({ stationId, connectionId, ocpp, at }: ConnectionOpening, version: number): Promise<Opened> =>
      change<Opened>(stationId, (isRegistered, previous) => {
        if (!isRegistered) return { result: { outcome: 'unknownStation' } };
        const next = mqttPresence.opened(previous, { connectionId, ocpp, at, version });
        if (next === undefined) return { result: { outcome: 'outdated' } };
        return { next, seenAt: next.connectedAt, result: { outcome: 'recorded', ...omitUndefined({ previous }) } };
      }),
    spoke: ({ stationId, ...word }: Parameters<StationConnectivity['spoke']>[0]) =>
      change<Connectivity | undefined>(stationId, (isRegistered, known, lastSeenAt) => {
        const next = isRegistered ? mqttPresence.spoke(known, word, lastSeenAt) : undefined;
        return { result: next, ...omitUndefined({ next }) };
      }),
    close: (
      { stationId, connectionId, at }: ConnectionClosing,
      version: number,
    ): ReturnType<StationConnectivity['close']> =>
      change(stationId, (isRegistered, known) => {
        if (!isRegistered && known === undefined) return { result: undefined };
        const next = mqttPresence.closed(known, { connectionId, at, version });
        return { ...omitUndefined({ next }), result: next && mqttPresence.left(known, next) };
      }),
  };
};

/** Connectivity in DynamoDB: what a socket changes of it is one conditional UpdateItem, without a read before. */
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
  open: async (opening) => {
    const { stationId, connectionId, ocpp, transport, at, version } = opening;
    if (version !== undefined) return mqttConnectivity(table, client).open(opening, version);
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET connectivity = :opened, lastSeenAt = :at',
          ConditionExpression:
            'attribute_exists(registration) AND (attribute_not_exists(connectivity.connectedAt) OR connectivity.connectedAt <= :at)',
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
  close: async (closing) => {
    const { stationId, connectionId, at, version } = closing;
    if (version !== undefined) return mqttConnectivity(table, client).close(closing, version);
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
      return { connectionId, ocpp, transport };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  },
  spoke: (word) => mqttConnectivity(table, client).spoke(word),
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
