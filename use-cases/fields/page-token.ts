import type * as z from 'zod';
import { Rejected } from '../../domain/kernel/rejected.ts';

/** Where a list that is put together here goes on, as opaque text. */
export const pageToken = (position: object): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** The position a token stands for. Throws Rejected for text that is no token of this list. */
export const positionIn = <Position>(shape: z.ZodType<Position>, token: string): Position => {
  try {
    return shape.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch (cause) {
    throw new Rejected('Invalid page token', { cause });
  }
};
