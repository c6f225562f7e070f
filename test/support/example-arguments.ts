import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

const scalars: Readonly<Record<string, unknown>> = {
  Int: 1,
  Float: 1,
  Boolean: false,
  AWSJSON: '{}',
};

/** A value that fits a type of the schema and names nothing there is; `full`: with everything that may be left out. */
const exampleOf = (type: GraphQLInputType, name: string, full: boolean): unknown => {
  if (isNonNullType(type)) return exampleOf(type.ofType, name, full);
  if (isListType(type)) return [exampleOf(type.ofType, name, full)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return exampleArguments(Object.values(type.getFields()), full);
  if (getNamedType(type).name === 'AWSDateTime') return `2026-11-${name === 'to' ? 21 : 20}T00:00:00Z`;
  return scalars[getNamedType(type).name] ?? (name === 'location' ? 'https://files.example/nobody' : 'nobody');
};

/** Arguments of a field by their names: those it needs, or all it has. */
export const exampleArguments = (
  args: readonly Pick<GraphQLArgument, 'name' | 'type'>[],
  full = false,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    args.filter(({ type }) => full || isNonNullType(type)).map(({ name, type }) => [name, exampleOf(type, name, full)]),
  );
