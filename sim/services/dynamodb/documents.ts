import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';

/** As aws/dynamodb/document-client.ts sets the document client up. */
const options = { removeUndefinedValues: true };

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const mapped = (fields: Fields, change: (value: unknown) => unknown): Fields => {
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && typeof value !== 'function') changed[name] = change(value);
  return changed;
};

/** The parts of a request or an answer that hold items, changed; the others as they are. */
const withItems = (
  fields: Fields,
  single: readonly string[],
  nested: Readonly<Record<string, (value: unknown) => unknown>>,
  change: (value: unknown) => unknown,
): Fields => {
  const changed: Record<string, unknown> = { ...fields };
  for (const name of single) {
    const item = fields[name];
    if (isFields(item)) changed[name] = mapped(item, change);
  }
  for (const name in nested) if (fields[name] !== undefined) changed[name] = nested[name]?.(fields[name]);
  return changed;
};

const itemsOf = (change: (value: unknown) => unknown) => (items: unknown) =>
  Array.isArray(items) ? items.map((item) => (isFields(item) ? mapped(item, change) : item)) : items;

const perTable = (change: (value: unknown) => unknown) => (tables: unknown) =>
  isFields(tables) ? mapped(tables, change) : tables;

const entries = (change: (value: unknown) => unknown) => (list: unknown) =>
  Array.isArray(list) ? list.map((entry) => (isFields(entry) ? mapped(entry, change) : entry)) : list;

const requestFields = ['Item', 'Key', 'ExclusiveStartKey', 'ExpressionAttributeValues'];
const answerFields = ['Item', 'Attributes', 'LastEvaluatedKey'];

/** RequestItems and what came back of them: keys to read, or puts and deletes. */
const batch = (change: (value: unknown) => unknown) =>
  perTable((of) =>
    Array.isArray(of)
      ? entries((request) => (isFields(request) ? withItems(request, ['Item', 'Key'], {}, change) : request))(of)
      : isFields(of)
        ? withItems(of, [], { Keys: itemsOf(change) }, change)
        : of,
  );

// Most values are texts, for which the rules are plain, and the way through the SDK is long.
const toAttribute = (value: unknown): unknown =>
  typeof value === 'string' ? { S: value } : convertToAttr(value as never, options);
const toPlain = (value: unknown): unknown => {
  const { S: text } = value as AttributeValue;
  return text ?? convertToNative(value as AttributeValue);
};

const nestedInRequest = {
  RequestItems: batch(toAttribute),
  TransactItems: entries((action) => (isFields(action) ? withItems(action, requestFields, {}, toAttribute) : action)),
};
const nestedInAnswer = {
  Items: itemsOf(toPlain),
  Responses: perTable(itemsOf(toPlain)),
  UnprocessedKeys: batch(toPlain),
  UnprocessedItems: batch(toPlain),
};

/** A request of the document client as the client below it gets it: plain values as attribute values, by the SDK's own rules. */
export const marshalled = (input: Fields): Fields => withItems(input, requestFields, nestedInRequest, toAttribute);

/** An answer as the document client gives it: plain values. */
export const unmarshalled = (output: Fields): Fields => withItems(output, answerFields, nestedInAnswer, toPlain);
