import type { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { storedValue, type Value } from './attribute-value.ts';
import type { DocumentPath } from './document-path.ts';
import { invalid } from './errors.ts';
import { ExpressionError, type Parsed, type Path } from './expression.ts';

/** The fields of a request that give an expression its names and values. */
export type Named = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
};

/** The placeholders of one request. */
export type Bindings = {
  readonly pathOf: (path: Path) => DocumentPath;
  readonly value: (name: string) => Value;
};

/** The expressions of a request, by the name of their parameter: 'ConditionExpression', ... */
export type Expressions = { readonly [parameter: string]: Parsed<unknown> | undefined };

/** An expression that is wrong by itself. */
const wrongExpression = (parameter: string, error: unknown): unknown =>
  error instanceof ExpressionError ? invalid(`Invalid ${parameter}: ${error.message}`) : error;

/** Parses an expression, if there is one. Throws ValidationException that names the parameter. */
export const expression = <Tree>(
  parse: (text: string) => Parsed<Tree>,
  parameter: string,
  text: string | undefined,
): Parsed<Tree> | undefined => {
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw wrongExpression(parameter, error);
  }
};

const without = (what: string): DynamoDBServiceException =>
  invalid(`${what} can only be specified when using expressions`);

const unused = (map: string, names: readonly string[]): DynamoDBServiceException =>
  invalid(`Value provided in ${map} unused in expressions: keys: {${names.join(', ')}}`);

const checkUse = (
  map: string,
  given: Readonly<Record<string, unknown>> | undefined,
  expressions: readonly (readonly [string, Parsed<unknown>])[],
  used: (parsed: Parsed<unknown>) => ReadonlySet<string>,
  missing: string,
): void => {
  for (const [parameter, parsed] of expressions)
    for (const name of used(parsed))
      if (given === undefined || !Object.hasOwn(given, name)) throw invalid(`Invalid ${parameter}: ${missing}${name}`);
  const idle = Object.keys(given ?? {}).filter((name) => !expressions.some(([, parsed]) => used(parsed).has(name)));
  if (idle.length > 0) throw unused(map, idle);
};

/**
 * Checks that a request gives its expressions every name and value they use, and no other, and binds them.
 * Throws ValidationException.
 */
export const bind = (
  { ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Named,
  expressions: Expressions,
): Bindings => {
  const there: (readonly [string, Parsed<unknown>])[] = [];
  for (const parameter in expressions) {
    const parsed = expressions[parameter];
    if (parsed !== undefined) there.push([parameter, parsed]);
  }
  if (there.length === 0) {
    if (names !== undefined) throw without('ExpressionAttributeNames');
    if (values !== undefined) throw without('ExpressionAttributeValues');
    return nothingBound;
  }
  if (names !== undefined && Object.keys(names).length === 0)
    throw invalid('ExpressionAttributeNames must not be empty');
  if (values !== undefined && Object.keys(values).length === 0)
    throw invalid('ExpressionAttributeValues must not be empty');
  const stored: Record<string, Value> = {};
  for (const name in values) stored[name] = boundValue(name, values[name]);
  checkUse(
    'ExpressionAttributeNames',
    names,
    there,
    ({ names: used }) => used,
    'An expression attribute name used in the document path is not defined; attribute name: ',
  );
  checkUse(
    'ExpressionAttributeValues',
    values,
    there,
    ({ values: used }) => used,
    'An expression attribute value used in expression is not defined; attribute value: ',
  );
  return {
    pathOf: (path) =>
      names === undefined
        ? path
        : path.map((step) => (typeof step === 'string' && step.startsWith('#') ? (names[step] ?? step) : step)),
    value: (name) => stored[name] as Value,
  };
};

const boundValue = (name: string, given: unknown): Value => {
  try {
    return storedValue(given);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    throw invalid(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
  }
};

const nothingBound: Bindings = {
  pathOf: (path) => path,
  value: (name): Value => {
    throw new Error(`No value ${name}`);
  },
};
