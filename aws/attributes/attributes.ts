import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';

/** Attributes of an item by type, as DynamoDB takes them. */
export type Attributes = Record<string, AttributeValue>;

/** What is left out of an item: properties that are absent. */
const options = { removeUndefinedValues: true };

const isKept = (value: unknown): boolean => value !== undefined && typeof value !== 'function';

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * A plain value as DynamoDB takes it: what the SDK makes of it, made at once for what items are made of. Everything
 * else (sets, nulls, numbers without a place, what is no value at all) is the SDK's to decide.
 */
const toAttribute = (value: unknown): AttributeValue => {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
      if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return { N: String(value) };
      break;
    case 'object':
      if (Array.isArray(value)) return { L: value.filter(isKept).map(toAttribute) };
      if (value instanceof Uint8Array) return { B: value };
      if (value !== null && isPlain(value)) return { M: toAttributes(value) };
  }
  return convertToAttr(value as never, options);
};

/** A plain item as DynamoDB takes it. */
export const toAttributes = (item: object): Attributes => {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(item)) if (isKept(value)) attributes[name] = toAttribute(value);
  return attributes;
};

/** The plain value of an attribute, by the same division of work. Throws for what is none. */
const toPlain = (attribute: AttributeValue): unknown => {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) {
    const number = Number(attribute.N);
    if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  }
  if (attribute.M !== undefined) return toPlainItem(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(toPlain);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  return convertToNative(attribute);
};

/** The plain item of attributes. Throws for what is no item. */
export const toPlainItem = (attributes: Readonly<Attributes>): Record<string, unknown> => {
  const item: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) item[name] = toPlain(attribute);
  return item;
};
