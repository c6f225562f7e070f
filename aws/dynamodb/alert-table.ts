import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { type RetryPolicy, retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import { type ConditionKey, occasionOf, parseAlertId } from '../../domain/alerts/alert-id.ts';
import type { AlertTable } from '../../use-cases/ports/alert-table.ts';
import { fromAlertItem, toAlertItem } from './alert-item.ts';
import { documentClient } from './document-client.ts';

/** Beside the alerts of a condition, at its sort key, stands the number of alerts it ever had: two workers cannot both begin one. */
export const HEAD = 'head';

/** Another worker revised the alerts of a condition each time we tried. */
class AlertContended extends Error {
  override readonly name = 'AlertContended';
}

const untilOurs: RetryPolicy = {
  isTransient: (error) => error instanceof AlertContended,
  attempts: 6,
  firstMs: 20,
  longestMs: 500,
};

type Latest = { readonly alert: Alert | undefined; readonly begun: number };

export const alertTable = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): AlertTable => {
  const latestOf = async (condition: ConditionKey): Promise<Latest> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#condition = :condition',
        ExpressionAttributeNames: { '#condition': 'condition' },
        ExpressionAttributeValues: { ':condition': condition },
        ScanIndexForward: false, // 'head' sorts after every instant
        Limit: 2,
      }),
    );
    const head = Items.find(({ occasion }) => occasion === HEAD);
    const item = Items.find(({ occasion }) => occasion !== HEAD);
    return { alert: item && fromAlertItem(item), begun: head?.begun ?? 0 };
  };

  const begin = (alert: Alert, begun: number): Promise<boolean> =>
    unlessRaced(
      client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: table,
                Item: toAlertItem(alert),
                ConditionExpression: 'attribute_not_exists(alertId)',
              },
            },
            {
              Put: {
                TableName: table,
                Item: { condition: alert.condition, occasion: HEAD, begun: begun + 1 },
                ConditionExpression: 'attribute_not_exists(begun) OR begun = :begun',
                ExpressionAttributeValues: { ':begun': begun },
              },
            },
          ],
        }),
      ),
    );

  const replace = (alert: Alert, rev: number): Promise<boolean> =>
    unlessRaced(
      client.send(
        new PutCommand({
          TableName: table,
          Item: toAlertItem(alert),
          ConditionExpression: 'rev = :rev',
          ExpressionAttributeValues: { ':rev': rev },
        }),
      ),
    );

  const remove = ({ condition, since, rev }: Alert): Promise<boolean> =>
    unlessRaced(
      client.send(
        new DeleteCommand({
          TableName: table,
          Key: { condition, occasion: occasionOf(since) },
          ConditionExpression: 'rev = :rev',
          ExpressionAttributeValues: { ':rev': rev },
        }),
      ),
    );

  const store = (alert: Alert | undefined, next: Alert | undefined, begun: number): Promise<boolean> => {
    if (next === undefined) return alert === undefined ? Promise.resolve(true) : remove(alert);
    return next.alertId === alert?.alertId ? replace(next, alert.rev) : begin(next, begun);
  };

  return {
    revise: async ({ condition, known, revise }) => {
      // A known alert spares the read, unless the step begins a new one: then the head has to be read.
      const guess = known && revise(known);
      if (known && guess === known) return false;
      if (known && (guess === undefined || guess.alertId === known.alertId)) {
        if (await store(known, guess, 0)) return true;
      }
      const reviseLatest = async (): Promise<boolean> => {
        const { alert, begun } = await latestOf(condition);
        const next = revise(alert);
        if (next === alert) return false;
        if (await store(alert, next, begun)) return true;
        throw new AlertContended(`Alerts of ${condition} are revised by others faster than by us`);
      };
      return retry(reviseLatest, untilOurs, system);
    },
    watched: async () => {
      const found: Alert[] = [];
      const pages = paginateScan({ client }, { TableName: table, IndexName: 'watched' });
      for await (const page of pages) for (const item of page.Items ?? []) found.push(fromAlertItem(item));
      return found;
    },
    find: async (alertId) => {
      const key = parseAlertId(alertId);
      if (!key) return undefined;
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
      return Item && fromAlertItem(Item);
    },
  };
};

/** False when another worker wrote first; any other failure is thrown. */
const unlessRaced = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isRaced(error)) return false;
    throw error;
  }
};

const isRaced = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
  );
