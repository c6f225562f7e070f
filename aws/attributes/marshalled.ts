import { toAttributes, toPlainItem } from './attributes.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Changes an item from plain values to attribute values, or back. */
type Change = (item: never) => object;
/** Changes what holds items somewhere inside. */
type Inside = (value: unknown) => unknown;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The parts of a request or an answer that hold items, changed; the others as they are. */
const withItems = (
  fields: Fields,
  single: readonly string[],
  nested: Readonly<Record<string, Inside>>,
  change: Change,
): Fields => {
  const changed: Record<string, unknown> = { ...fields };
  for (const name of single) {
    const item = fields[name];
    if (isFields(item)) changed[name] = change(item as never);
  }
  for (const name in nested) if (fields[name] !== undefined) changed[name] = nested[name]?.(fields[name]);
  return changed;
};

const itemsOf =
  (change: Change): Inside =>
  (items) =>
    Array.isArray(items) ? items.map((item) => (isFields(item) ? change(item as never) : item)) : items;

const perTable =
  (inside: Inside): Inside =>
  (tables) =>
    isFields(tables)
      ? Object.fromEntries(Object.entries(tables).map(([table, content]) => [table, inside(content)]))
      : tables;

const entries =
  (inside: (entry: Fields) => unknown): Inside =>
  (list) =>
    Array.isArray(list) ? list.map((entry) => (isFields(entry) ? inside(entry) : entry)) : list;

/** What is done with one item: `{ PutRequest: { Item } }`, `{ Update: { Key, ... } }`. */
const action =
  (single: readonly string[], change: Change) =>
  (kinds: Fields): Fields =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, of]) => [kind, isFields(of) ? withItems(of, single, {}, change) : of]),
    );

const requestFields = ['Item', 'Key', 'ExclusiveStartKey', 'ExpressionAttributeValues'];
const answerFields = ['Item', 'Attributes', 'LastEvaluatedKey'];

/** RequestItems and what came back of them: keys to read, or puts and deletes. */
const batch = (change: Change): Inside =>
  perTable((of) =>
    Array.isArray(of)
      ? entries(action(['Item', 'Key'], change))(of)
      : isFields(of)
        ? withItems(of, [], { Keys: itemsOf(change) }, change)
        : of,
  );

const nestedInRequest = {
  RequestItems: batch(toAttributes),
  TransactItems: entries(action(requestFields, toAttributes)),
};
const nestedInAnswer = {
  Items: itemsOf(toPlainItem),
  Responses: perTable(itemsOf(toPlainItem)),
  UnprocessedKeys: batch(toPlainItem),
  UnprocessedItems: batch(toPlainItem),
};

/** A request with plain items as the service takes it: in attribute values. */
export const marshalled = (input: Fields): Fields => withItems(input, requestFields, nestedInRequest, toAttributes);

/** An answer of the service with plain items. */
export const unmarshalled = (output: Fields): Fields => withItems(output, answerFields, nestedInAnswer, toPlainItem);
