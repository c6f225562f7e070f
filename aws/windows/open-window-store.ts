import type { System } from '../../async/system.ts';
import { allSeries } from '../../domain/windows/series/index.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { type OpenClient, openClient } from '../open-client.ts';
import { dynamodbWindowStore, type RetentionDays } from './dynamodb-window-store.ts';
import { NEAR_DAYS, tieredWindowStore } from './tiered-window-store.ts';
import { timestreamClients, timestreamWindowStore } from './timestream-window-store.ts';

/** Where windows are kept, by configuration. */
export type WindowStoreChoice =
  /** `near`: the DynamoDB table of what was written lately. */
  | { readonly kind: 'timestream'; readonly database: string; readonly table: string; readonly near: string }
  | { readonly kind: 'dynamodb'; readonly table: string };

/** As the series say. Timestream has one retention per table. */
const retentionDays: RetentionDays = Object.fromEntries(
  allSeries.flatMap(({ name, keptDays }) => (keptDays === undefined ? [] : [[name, keptDays]])),
);

/** Beside Timestream, all that the work of every minute reads again. */
const nearDays: RetentionDays = Object.fromEntries(allSeries.map(({ name }) => [name, NEAR_DAYS]));

/** The window store of this deployment. */
export const openWindowStore = (
  choice: WindowStoreChoice,
  system: System,
  policy: CallPolicy = callPolicies.operator,
  open: OpenClient = openClient,
): WindowStore => {
  const db = documentClient(policy, open);
  if (choice.kind === 'dynamodb') return dynamodbWindowStore(choice.table, retentionDays, system, db);
  const near = dynamodbWindowStore(choice.near, nearDays, system, db);
  return tieredWindowStore(near, timestreamWindowStore(choice, timestreamClients(policy, open)), system);
};

/**
 * The choice as environment variables give it: 'timestream:<database>/<table>+<table of DynamoDB>' or 'dynamodb:<table>'.
 * Throws for any other text.
 */
export const windowStoreChoice = (text: string): WindowStoreChoice => {
  const [, database, table, near] = /^timestream:([^/]+)\/([^+]+)\+(.+)$/.exec(text) ?? [];
  if (database !== undefined && table !== undefined && near !== undefined)
    return { kind: 'timestream', database, table, near };
  const dynamodbTable = /^dynamodb:(.+)$/.exec(text)?.[1];
  if (dynamodbTable !== undefined) return { kind: 'dynamodb', table: dynamodbTable };
  throw new Error(
    `Not a window store: ${text} (timestream:<database>/<table>+<table of DynamoDB> or dynamodb:<table>)`,
  );
};
