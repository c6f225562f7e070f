import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { FleetScan, ScanPage, Segment } from '../../use-cases/ports/fleet-scan.ts';
import { connectorFromItem } from './connector-item.ts';
import { documentClient } from './document-client.ts';
import { stationFromItem } from './station-item.ts';

/** Reads all live items of stations and connectors for the sweep, by parallel scans of DynamoDB, one for each segment. */
export const fleetScan = (
  tables: { readonly connectors: string; readonly stations: string },
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
  };
};
