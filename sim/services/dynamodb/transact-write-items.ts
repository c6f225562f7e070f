import {
  type CancellationReason,
  IdempotentParameterMismatchException,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { happens, metadata } from '../sim-service-context.ts';
import { itemBytes } from './attribute-value.ts';
import { cancelled, invalid } from './errors.ts';
import type { RequestContext, Tables } from './request.ts';
import { deleteOf, distinct, putOf, updateOf, type Write } from './write.ts';

const MOST_ACTIONS = 100;
const TRANSACTION_BYTES = 4 * 1024 * 1024;
const TOKEN_MS = 10 * 60_000;

/** Transactions that were carried out, by the token of their request. */
export type Tokens = Map<string, { readonly request: string; readonly at: number }>;

const requestText = ({ ClientRequestToken: _, ...rest }: TransactWriteItemsCommandInput): string =>
  JSON.stringify(rest);

/** Whether this very request was carried out within the last ten minutes. Throws when its token was another's. */
const isRepeated = (tokens: Tokens, now: number, input: TransactWriteItemsCommandInput): boolean => {
  const known = tokens.get(input.ClientRequestToken ?? '');
  if (known === undefined || now - known.at > TOKEN_MS) return false;
  if (known.request === requestText(input)) return true;
  throw new IdempotentParameterMismatchException({
    message: 'UpdateItem request had the same client token but different request parameters',
    $metadata: metadata(400),
  });
};

/** TransactWriteItems: all writes or none. */
export const transactWriteItems = (
  tables: Tables,
  input: TransactWriteItemsCommandInput,
  context: RequestContext & { readonly now: () => number },
  tokens: Tokens,
) => {
  const { random, conduct, now } = context;
  const entries = input.TransactItems ?? [];
  if (entries.length === 0 || entries.length > MOST_ACTIONS)
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ACTIONS}`,
    );
  const writes = entries.map(({ Put, Update, Delete, ConditionCheck }): Write & { readonly isCheck?: true } => {
    if ([Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined).length !== 1)
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    if (Put) return putOf(tables.of(Put.TableName), Put);
    if (Update) return updateOf(tables.of(Update.TableName), Update).write;
    if (Delete) return deleteOf(tables.of(Delete.TableName), Delete);
    return { ...deleteOf(tables.of(ConditionCheck?.TableName), ConditionCheck ?? {}), isCheck: true };
  });
  const located = writes.map((write) => ({ write, place: orRefusal(write.locate) }));
  distinct(
    located.flatMap(({ write: { table }, place }) => ('key' in place ? [{ table, key: place.key }] : [])),
    'Transaction request cannot include multiple operations on one item',
  );
  if (isRepeated(tokens, now(), input)) return {};

  const { conflicts } = conduct();
  let bytes = 0;
  const steps = located.map(({ write: { table, isAllowed, isCheck, showsRefused: shows }, place }): Step => {
    if ('Code' in place) return { reason: place };
    const { key, change } = place;
    const before = table.find(key)?.item;
    if (conflicts > 0 && table.isContended(key, 'transaction') && happens(conflicts, random))
      return { reason: { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } };
    if (!isAllowed(before ?? {})) {
      const found = shows && before && { Item: structuredClone(before) as Record<string, never> };
      return { reason: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...found } };
    }
    if (isCheck) return { reason: nothingWrong };
    const changed = orRefusal(() => ({ after: change(before) }));
    if ('Code' in changed) return { reason: changed };
    bytes += Math.max(changed.after ? itemBytes(changed.after) : 0, before ? itemBytes(before) : 0);
    return { reason: nothingWrong, commit: () => table.write(key, changed.after, 'transaction') };
  });
  if (bytes > TRANSACTION_BYTES)
    throw invalid('Collection size of items in the transaction has exceeded the maximum allowed size');
  if (steps.some(({ reason }) => reason !== nothingWrong)) throw cancelled(steps.map(({ reason }) => reason));
  for (const { commit } of steps) commit?.();
  const { ClientRequestToken: token } = input;
  if (token !== undefined) tokens.set(token, { request: requestText(input), at: now() });
  return {};
};

type Step = { readonly reason: CancellationReason; readonly commit?: () => void };

const nothingWrong: CancellationReason = { Code: 'None' };

/** A reason of a cancellation; it has nothing of what it stands for. */
type Refusal = { readonly Code: string; readonly Message: string };

/** What a transaction is cancelled with when one of its items does not take its write. */
const orRefusal = <Result extends object>(run: () => Result): Result | Refusal => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    return { Code: 'ValidationError', Message: error.message };
  }
};
