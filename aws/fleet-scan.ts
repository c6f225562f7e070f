import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Connector } from '../domain/connector/connector.ts';
import { connectorFromItem } from './connector-item.ts';
import { documentClient } from './document-client.ts';
import { type StationItem, stationFromItem } from './station-item.ts';

/** One of `total` parts of a table that can be read side by side. */
export type Segment = { readonly index: number; readonly total: number };

/** A page of items and what reading it cost. */
export type Page<Item> = { readonly items: readonly Item[]; readonly readUnits: number };

/** The live tables from end to end. Eventually consistent: half the price, and a minute later they are read again. */
export type FleetScan = {
  readonly stations: (segment: Segment) => AsyncIterable<Page<StationItem>>;
  /** A station's connectors come one after the other, though a page may end between them. */
  readonly connectors: (segment: Segment) => AsyncIterable<Page<Connector>>;
};

export const fleetScan = (
  tables: { readonly connectors: string; readonly stations: string },
  client: DynamoDBDocumentClient = documentClient(),
): FleetScan => {
  const scan = async function* <Item>(
    table: string,
    { index, total }: Segment,
    read: (item: Readonly<Record<string, unknown>>) => Item,
  ): AsyncIterable<Page<Item>> {
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
