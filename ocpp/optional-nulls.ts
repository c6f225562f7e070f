import { isPayload, type Payload } from './payload.ts';
import { type SchemaError, schemaErrors, type Validate } from './validate.ts';

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isPayload(value)) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([key, member]) => [key, withoutNulls(member)]));
};

/** Pointers of the members that are null; a null in a list is no member. */
const nullsIn = (value: unknown, path: string): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return member === null && !Array.isArray(value) ? [at] : nullsIn(member, at);
  });
};

/**
 * JSON pointers of optional members that were sent as null, as some vendors do where others leave them out.
 * A required member that is null is not among them.
 */
export const optionalNulls = (validate: Validate, payload: Payload): ReadonlySet<string> => {
  const nulls = nullsIn(payload, '');
  if (nulls.length === 0) return new Set();
  const missing = new Set(
    schemaErrors(validate, withoutNulls(payload)).map(
      ({ instancePath, params }: SchemaError) => `${instancePath}/${String(params.missingProperty)}`,
    ),
  );
  return new Set(nulls.filter((path) => !missing.has(path)));
};
