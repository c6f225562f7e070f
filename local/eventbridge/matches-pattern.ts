/**
 * EventBridge event patterns, as rules and event-source filters use them: exact values, prefix, suffix,
 * equals-ignore-case, wildcard, anything-but, numeric, exists, $or. An operator not listed is an error.
 */
export type Pattern = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the event matches the pattern. Throws on an operator this reader does not know. */
export const matchesPattern = (pattern: Pattern, event: unknown): boolean =>
  Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or' && Array.isArray(expected)) return expected.some((branch) => matchesPattern(branch, event));
    const actual = isRecord(event) ? event[key] : undefined;
    if (Array.isArray(expected)) return matchesAny(expected, actual);
    if (isRecord(expected)) return matchesPattern(expected, actual);
    throw new Error(`Event pattern: ${key} must be a list or an object`);
  });

const matchesAny = (alternatives: readonly unknown[], actual: unknown): boolean => {
  if (Array.isArray(actual)) return actual.some((entry) => matchesAny(alternatives, entry));
  return alternatives.some((alternative) =>
    isRecord(alternative) ? matchesOperator(alternative, actual) : alternative === actual,
  );
};

const matchesOperator = (operator: Record<string, unknown>, actual: unknown): boolean =>
  Object.entries(operator).every(([name, argument]) => {
    const test = operators[name];
    if (test === undefined) throw new Error(`Event pattern operator ${name} is not supported by the local runtime`);
    return test(argument, actual);
  });

const text = (test: (actual: string, argument: string) => boolean) => (argument: unknown, actual: unknown) =>
  typeof actual === 'string' && typeof argument === 'string' && test(actual, argument);

const operators: Readonly<Record<string, (argument: unknown, actual: unknown) => boolean>> = {
  prefix: text((actual, argument) => actual.startsWith(argument)),
  suffix: text((actual, argument) => actual.endsWith(argument)),
  'equals-ignore-case': text((actual, argument) => actual.toLowerCase() === argument.toLowerCase()),
  wildcard: text((actual, argument) => wildcard(argument).test(actual)),
  exists: (argument, actual) => (actual !== undefined) === argument,
  'anything-but': (argument, actual) =>
    actual !== undefined &&
    !(isRecord(argument)
      ? matchesOperator(argument, actual)
      : matchesAny(Array.isArray(argument) ? argument : [argument], actual)),
  numeric: (argument, actual) => {
    if (!Array.isArray(argument)) throw new Error('Event pattern: numeric takes a list');
    if (typeof actual !== 'number') return false;
    const pairs = argument.flatMap((sign, index) => (index % 2 === 0 ? [[sign, argument[index + 1]]] : []));
    return pairs.every(([sign, bound]) => compare(sign, actual, Number(bound)));
  },
};

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

const compare = (sign: unknown, actual: number, bound: number): boolean => {
  switch (sign) {
    case '=':
      return actual === bound;
    case '<':
      return actual < bound;
    case '<=':
      return actual <= bound;
    case '>':
      return actual > bound;
    case '>=':
      return actual >= bound;
    default:
      throw new Error(`Event pattern: unknown comparison ${String(sign)}`);
  }
};
