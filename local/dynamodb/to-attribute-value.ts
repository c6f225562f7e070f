import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, unmarshall } from '@aws-sdk/util-dynamodb';

const options = { removeUndefinedValues: true, allowImpreciseNumbers: true } as const;

/** A plain value as an attribute value, as AppSync's toDynamoDB makes it. Throws on what JSON cannot carry. */
export const toAttributeValue = (value: unknown): AttributeValue => convertToAttr(value ?? null, options);

/** The members of an object as attribute values, without those that are undefined. */
export const toMapValues = (values: object): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttributeValue(value)]),
  );

/** A table's item in plain values: numbers as numbers, sets as lists. */
export const fromItem = (item: unknown): Record<string, unknown> => {
  // What DynamoDB answered: its shape is the service's own.
  const plain = unmarshall(item as Record<string, AttributeValue>, { wrapNumbers: Number });
  return JSON.parse(JSON.stringify(plain, (_name, value) => (value instanceof Set ? [...value] : value)));
};
