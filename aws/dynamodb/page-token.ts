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

/** Attributes of a key: of some the value, of others any text or number, as the one given is. */
export type KeyShape = Readonly<Record<string, { readonly is: string } | StringConstructor | NumberConstructor>>;

/**
 * The start key a token stands for, which has exactly the attributes of `shape`. Throws Rejected for text that is no token of
 * ours, and for that of another list, which DynamoDB would refuse like a failure of its own.
 */
export const startKey = (token: string | undefined, shape: KeyShape): Record<string, unknown> | undefined => {
  if (token === undefined) return undefined;
  const key = tokenKey(token);
  const fits = ([name, allowed]: [string, KeyShape[string]]): boolean => {
    const value = key[name];
    if (typeof allowed === 'object') return value === allowed.is;
    return allowed === Number ? typeof value === 'number' : typeof value === 'string' && value !== '';
  };
  const attributes = Object.entries(shape);
  if (Object.keys(key).length !== attributes.length || !attributes.every(fits))
    throw new Rejected('Invalid page token');
  return key;
};
