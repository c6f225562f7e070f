import type { TableName } from '../../lib/stores/tables.ts';
import type { Item } from './item-bytes.ts';
import type { MeteredServices } from './metered-services.ts';

/** Every item of a table, by its attributes. */
export const itemsOf = async (services: MeteredServices, table: TableName): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await services.unmetered('DynamoDB_20120810.Scan', { TableName: table, ExclusiveStartKey });
    found.push(...(page.Items as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
};
