import { Rejected } from '../../domain/kernel/rejected.ts';

/** Where a query goes on, as opaque text. */
export const pageToken = (key: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  key === undefined ? undefined : Buffer.from(JSON.stringify(key)).toString('base64url');

/** What a token says. Throws Rejected for text that is no token of ours. */
export const tokenKey = (token: string): Record<string, unknown> => {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof key === 'object' && key !== null) return { ...key };
  } catch (error) {
    throw new Rejected('Invalid page token', { cause: error });
  }
  throw new Rejected('Invalid page token');
};

/** A value of a key: this one, a text between two others, or any text or whole number. */
type KeyValue =
  | { readonly is: string }
  | { readonly from: string; readonly to: string }
  | StringConstructor
  | NumberConstructor;

/** Attributes of a key. */
export type KeyShape = Readonly<Record<string, KeyValue>>;

/** Bytes of a sort key; a partition key takes more, and holds no more here. */
const LONGEST_KEY = 1_024;

/** Whether a value is a text that a key can hold. */
export const isKeyText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= LONGEST_KEY;

const isOne = (value: unknown, allowed: KeyValue): boolean => {
  if (allowed === Number) return Number.isSafeInteger(value);
  if (!isKeyText(value)) return false;
  if ('is' in allowed) return value === allowed.is;
  return !('to' in allowed) || (value >= allowed.from && value <= allowed.to);
};

/**
 * The start key a token stands for, which has exactly the attributes of `shape`. Throws Rejected for text that is no token of
 * ours, and for that of another list, which DynamoDB would refuse like a failure of its own.
 */
export const startKey = (token: string | undefined, shape: KeyShape): Record<string, unknown> | undefined => {
  if (token === undefined) return undefined;
  const key = tokenKey(token);
  const attributes = Object.entries(shape);
  const fits = attributes.every(([name, allowed]) => isOne(key[name], allowed));
  if (Object.keys(key).length !== attributes.length || !fits) throw new Rejected('Invalid page token');
  return key;
};
