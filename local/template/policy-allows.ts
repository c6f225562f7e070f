import { z } from 'zod';

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Condition: z.undefined().optional(),
});
const Policy = z.looseObject({
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
});

/** `*` and `?` as IAM and IoT policies use them. */
const matches = (pattern: string, value: string): boolean => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
};

/**
 * Whether a policy an authorizer returned allows the action on the resource: an explicit Deny wins, and what nothing
 * allows is refused. Conditions are an error, because ignoring one would allow too much.
 */
export const policyAllows = (document: unknown, action: string, resource: string): boolean => {
  const text = typeof document === 'string' ? JSON.parse(document) : document;
  const effects = Policy.parse(text)
    .Statement.filter(
      (statement) =>
        statement.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.Resource.some((pattern) => matches(pattern, resource)),
    )
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
};
