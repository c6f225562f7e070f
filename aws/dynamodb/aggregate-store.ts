import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Connector } from '../../domain/connector/connector.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { AggregateStore, AggregateWrite } from '../../use-cases/ports/aggregate-store.ts';
import { connectorFromItem, connectorItem } from './connector-item.ts';
import { documentClient } from './document-client.ts';
import { stateAttribute, stationFromItem } from './station-item.ts';

export type AggregateTables = { readonly connectors: string; readonly stations: string };

const isConflict = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  error instanceof TransactionConflictException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    ));

const connectorPut = (table: string, { readGuard, item }: Extract<AggregateWrite, { kind: 'connector' }>) => ({
  TableName: table,
  Item: connectorItem(item),
  ...(readGuard === ''
    ? { ConditionExpression: 'attribute_not_exists(stationId)' }
    : {
        ConditionExpression: 'guard = :read AND guard < :guard',
        ExpressionAttributeValues: { ':read': readGuard, ':guard': item.guard },
      }),
});

/** Keys of index byModel: what the station last said it is. Their values change with a boot at most. */
const modelKeys = ({ stationId, model, firmware }: StationState) =>
  model ? { model, modelPath: `${firmware ?? ''}#${stationId}` } : {};

const stationUpdate = (table: string, { readGuard, item }: Extract<AggregateWrite, { kind: 'station' }>) => {
  const attributes = Object.entries({ state: stateAttribute(item), ...modelKeys(item) });
  return {
    TableName: table,
    Key: { stationId: item.stationId },
    UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression:
      readGuard === '' ? 'attribute_not_exists(#state)' : '#state.guard = :read AND #state.guard < :guard',
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
      ...(readGuard === '' ? {} : { ':read': readGuard, ':guard': item.guard }),
    },
  };
};

const writeOne = async (
  client: DynamoDBDocumentClient,
  tables: AggregateTables,
  write: AggregateWrite,
): Promise<void> => {
  if (write.kind === 'connector') await client.send(new PutCommand(connectorPut(tables.connectors, write)));
  else await client.send(new UpdateCommand(stationUpdate(tables.stations, write)));
};

const writeTogether = async (
  client: DynamoDBDocumentClient,
  tables: AggregateTables,
  writes: readonly AggregateWrite[],
) => {
  const TransactItems = writes.map((write) =>
    write.kind === 'connector'
      ? { Put: connectorPut(tables.connectors, write) }
      : { Update: stationUpdate(tables.stations, write) },
  );
  await client.send(new TransactWriteCommand({ TransactItems }));
};

/** Aggregates in DynamoDB: table connectors, and attribute `state` of table stations. */
export const aggregateStore = (
  tables: AggregateTables,
  client: DynamoDBDocumentClient = documentClient(),
): AggregateStore => ({
  load: async (stationId) => {
    const connectors: Connector[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.connectors,
        KeyConditionExpression: 'stationId = :stationId',
        ExpressionAttributeValues: { ':stationId': stationId },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) connectors.push(...(page.Items ?? []).map(connectorFromItem));
    const key = { TableName: tables.stations, Key: { stationId }, ConsistentRead: true };
    const { Item } = await client.send(new GetCommand(key));
    const { registration, connectivity, state } = stationFromItem(Item ?? {});
    connectors.sort((a, b) => (connectorSortKey(a) < connectorSortKey(b) ? -1 : 1));
    return {
      stationId,
      station: omitUndefined({ registration, connectivity, state }),
      connectors,
    };
  },
  commit: async (writes, together) => {
    try {
      if (together && writes.length > 1) await writeTogether(client, tables, writes);
      else for (const write of writes) await writeOne(client, tables, write);
      return 'committed';
    } catch (error) {
      if (isConflict(error)) return 'conflict';
      throw error;
    }
  },
});
