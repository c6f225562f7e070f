import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { FleetScan, ScanPage, Segment } from '../../use-cases/ports/fleet-scan.ts';
import { batchGet } from './batch-get.ts';
import { connectorFromItem } from './connector-item.ts';
import { documentClient } from './document-client.ts';
import { stationFromItem } from './station-item.ts';

/** Reads all live items of stations and connectors for the sweep, by parallel scans of DynamoDB, one for each segment. */
export const fleetScan = (
  tables: { readonly connectors: string; readonly stations: string },
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): FleetScan => {
  const scan = async function* <Item>(
    table: string,
    { index, total }: Segment,
    read: (item: Readonly<Record<string, unknown>>) => Item,
  ): AsyncIterable<ScanPage<Item>> {
    const pages = paginateScan(
      { client },
      { TableName: table, Segment: index, TotalSegments: total, ReturnConsumedCapacity: 'TOTAL' },
    );
    for await (const { Items = [], ConsumedCapacity } of pages)
      yield { items: Items.map(read), readUnits: ConsumedCapacity?.CapacityUnits ?? 0 };
  };
  return {
    stations: (segment) => scan(tables.stations, segment, stationFromItem),
    connectors: (segment) => scan(tables.connectors, segment, connectorFromItem),
    connectorsOf: async (stationId) => {
      const items: Connector[] = [];
      let readUnits = 0;
      const pages = paginateQuery(
        { client },
        {
          TableName: tables.connectors,
          KeyConditionExpression: 'stationId = :stationId',
          ExpressionAttributeValues: { ':stationId': stationId },
          ReturnConsumedCapacity: 'TOTAL',
        },
      );
      for await (const { Items = [], ConsumedCapacity } of pages) {
        items.push(...Items.map(connectorFromItem));
        readUnits += ConsumedCapacity?.CapacityUnits ?? 0;
      }
      return { items, readUnits };
    },
    known: async (stationIds) => {
      const keys = [...new Set(stationIds)].map((stationId) => ({ stationId }));
      const items = await batchGet(client, system, tables.stations, keys);
      return new Set(items.map(({ stationId }) => String(stationId)));
    },
  };
};
