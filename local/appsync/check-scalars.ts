import { GraphQLError, type GraphQLSchema, isScalarType } from 'graphql';

/** An extended ISO 8601 instant; AppSync wants the offset. */
const instant = /^[+-]?\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)$/;

/** Whether a value is one of the scalar; scalars that are not listed take any value. */
const accepts: Readonly<Record<string, (value: unknown) => boolean>> = {
  AWSDateTime: (value) => typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value)),
};

/** Has a schema's AWS scalars refuse what AppSync's refuse, before any resolver runs. */
export const checkScalars = (schema: GraphQLSchema): void => {
  for (const [name, isOne] of Object.entries(accepts)) {
    const type = schema.getType(name);
    if (!isScalarType(type)) continue;
    const coerce = (value: unknown): unknown => {
      if (isOne(value)) return value;
      throw new GraphQLError(`${JSON.stringify(value)} is not a valid ${name}`);
    };
    type.parseValue = coerce;
    type.coerceInputValue = coerce;
  }
};
