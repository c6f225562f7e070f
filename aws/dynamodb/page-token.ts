import { Rejected } from '../../domain/kernel/rejected.ts';

/** Where a query goes on, as opaque text. */
export const pageToken = (key: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  key === undefined ? undefined : Buffer.from(JSON.stringify(key)).toString('base64url');

/** The start key a token stands for. Throws Rejected for text that is no token of ours. */
export const startKey = (token: string | undefined): Record<string, unknown> | undefined => {
  if (token === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof key === 'object' && key !== null) return { ...key };
  } catch (error) {
    throw new Rejected('Invalid page token', { cause: error });
  }
  throw new Rejected('Invalid page token');
};
