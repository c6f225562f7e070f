import type { System } from '../../async/system.ts';
import { allSeries } from '../../domain/windows/series/index.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { dynamodbWindowStore, type RetentionDays } from './window-store-dynamodb.ts';
import { timestreamClients, timestreamWindowStore } from './window-store-timestream.ts';

/** Where windows are kept, by configuration. */
export type WindowStoreChoice =
  | { readonly kind: 'timestream'; readonly database: string; readonly table: string }
  | { readonly kind: 'dynamodb'; readonly table: string };

/** As the series say. Timestream has one retention per table. */
const retentionDays: RetentionDays = Object.fromEntries(
  allSeries.flatMap(({ name, keptDays }) => (keptDays === undefined ? [] : [[name, keptDays]])),
);

/** The window store of this deployment. */
export const openWindowStore = (
  choice: WindowStoreChoice,
  system: System,
  policy: CallPolicy = callPolicies.operator,
): WindowStore =>
  choice.kind === 'timestream'
    ? timestreamWindowStore(choice, timestreamClients(policy))
    : dynamodbWindowStore(choice.table, retentionDays, system, documentClient(policy));

/**
 * The choice as environment variables give it: 'timestream:<database>/<table>' or 'dynamodb:<table>'.
 * Throws for any other text.
 */
export const windowStoreChoice = (text: string): WindowStoreChoice => {
  const [, kind, database, table] = /^(timestream):([^/]+)\/(.+)$/.exec(text) ?? [];
  if (kind === 'timestream' && database !== undefined && table !== undefined) return { kind, database, table };
  const dynamodbTable = /^dynamodb:(.+)$/.exec(text)?.[1];
  if (dynamodbTable !== undefined) return { kind: 'dynamodb', table: dynamodbTable };
  throw new Error(`Not a window store: ${text} (timestream:<database>/<table> or dynamodb:<table>)`);
};
