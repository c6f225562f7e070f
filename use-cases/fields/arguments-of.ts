import * as z from 'zod';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';

/** An ISO 8601 instant, as ms since the epoch. */
export const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at) && /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return at;
  context.addIssue({ code: 'custom', message: `not an instant with a zone: ${text}` });
  return z.NEVER;
});

/** The id of something, as a key of a store can hold it: at most 1,024 bytes. */
export const id = z.string().max(256);

/** What a client left out, as GraphQL passes it. */
export const optional = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value) => value ?? undefined);

/** Half-open: from is inside, to is not. */
export const range = { from: instant, to: instant };
export const page = {
  limit: z
    .number()
    .int()
    .min(1)
    .max(100)
    .nullish()
    .transform((limit) => limit ?? 50),
  nextToken: optional(z.string()),
};

/** Arguments in their shape; throws Rejected naming what is wrong. */
export const argumentsOf = <Shape>(shape: z.ZodType<Shape>, given: unknown): Shape => {
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Rejected(`${issue?.path.join('.') || 'arguments'}: ${issue?.message ?? 'invalid'}`);
};

/** Throws Rejected unless [from, to) is a range of at most `days`. */
export const bounded = (
  { from, to }: { readonly from: number; readonly to: number },
  days: number,
  what: string,
): void => {
  if (to <= from) throw new Rejected('to must be after from');
  if (to - from > days * DAY_MS)
    throw new Rejected(`At most ${days} days of ${what} in one request: ask for a shorter range`);
};
