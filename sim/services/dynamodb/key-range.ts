import { bytesText, compareValues, type Item, typeOf, type Value } from './attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { keyText, type Row } from './collection.ts';
import { invalid, invalidParameter } from './errors.ts';
import type { Comparator, Condition, Operand } from './expression.ts';
import type { KeyAttribute, KeySchema } from './table-definition.ts';

type SortCondition =
  | { readonly by: Exclude<Comparator, '<>'>; readonly value: Value }
  | { readonly by: 'between'; readonly low: Value; readonly high: Value }
  | { readonly by: 'begins_with'; readonly start: Value };

/** The rows a query is about: one partition, and a range of it. */
export type KeyRange = {
  readonly partition: string;
  /** Whether a key is in the partition and the range. */
  readonly holds: (item: Item) => boolean;
  /** From the first row of the range to behind the last. `rows` are those of the partition. */
  readonly range: (rows: readonly Row[]) => readonly [number, number];
};

const unsupported = (operator: string) => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

const parts = (condition: Condition): readonly Condition[] =>
  condition.kind === 'and' ? [...parts(condition.left), ...parts(condition.right)] : [condition];

/** Reads what a query says of the keys of a table or an index. Throws ValidationException for what no query can say. */
export const keyRange = (condition: Condition, { hash, sort }: KeySchema, bindings: Bindings): KeyRange => {
  let partition: Value | undefined;
  let within: SortCondition | undefined;

  const nameOf = (operand: Operand | undefined): string => {
    if (operand?.kind !== 'path') throw invalid('Query key condition not supported');
    const path = bindings.pathOf(operand.path);
    if (path.length !== 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
    return String(path[0]);
  };
  const given = (operand: Operand | undefined, { name, type }: KeyAttribute): Value => {
    if (operand?.kind !== 'value') throw invalid('Query key condition not supported');
    const value = bindings.value(operand.name);
    if (typeOf(value) !== type) throw invalidParameter('Condition parameter type does not match schema type');
    if (keyText(value) === '' && !('N' in value))
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value. Key: ${name}`,
      );
    return value;
  };
  const onSort = (name: string): KeyAttribute => {
    if (name === hash.name) throw invalid('Query key condition not supported');
    if (sort === undefined || name !== sort.name)
      throw invalid(`Query condition missed key schema element: ${partition === undefined ? hash.name : sort?.name}`);
    if (within !== undefined) throw invalid('KeyConditionExpressions must only contain one condition per key');
    return sort;
  };

  for (const part of parts(condition)) {
    switch (part.kind) {
      case 'compare': {
        const name = nameOf(part.left);
        if (part.by === '<>') throw unsupported('<>');
        if (name === hash.name) {
          if (part.by !== '=') throw invalid('Query key condition not supported');
          if (partition !== undefined) throw invalid('KeyConditionExpressions must only contain one condition per key');
          partition = given(part.right, hash);
        } else within = { by: part.by, value: given(part.right, onSort(name)) };
        break;
      }
      case 'between': {
        const attribute = onSort(nameOf(part.operand));
        within = { by: 'between', low: given(part.low, attribute), high: given(part.high, attribute) };
        break;
      }
      case 'function': {
        if (part.name !== 'begins_with') throw unsupported(part.name);
        const [operand, start] = part.operands;
        within = { by: 'begins_with', start: given(start, onSort(nameOf(operand))) };
        break;
      }
      case 'and':
      case 'or':
      case 'not':
      case 'in':
        throw unsupported(part.kind.toUpperCase());
    }
  }
  if (partition === undefined) throw invalid(`Query condition missed key schema element: ${hash.name}`);
  const place = keyText(partition);
  const sortOf = (item: Item): Value | undefined => (sort === undefined ? undefined : item[sort.name]);
  return {
    partition: place,
    holds: (item) => {
      const value = item[hash.name];
      if (value === undefined || keyText(value) !== place) return false;
      const sorted = sortOf(item);
      return within === undefined || (sorted !== undefined && isWithin(within, sorted));
    },
    range: (rows) => (within === undefined ? [0, rows.length] : rangeOf(within, rows, sortOf)),
  };
};

const order = (a: Value, b: Value): number => compareValues(a, b) ?? 0;

const startsWith = (value: Value, start: Value): boolean =>
  'S' in value && 'S' in start
    ? value.S.startsWith(start.S)
    : 'B' in value && 'B' in start && bytesText(value.B).startsWith(bytesText(start.B));

const isWithin = (within: SortCondition, value: Value): boolean => {
  switch (within.by) {
    case '=':
      return order(value, within.value) === 0;
    case '<':
      return order(value, within.value) < 0;
    case '<=':
      return order(value, within.value) <= 0;
    case '>':
      return order(value, within.value) > 0;
    case '>=':
      return order(value, within.value) >= 0;
    case 'between':
      return order(value, within.low) >= 0 && order(value, within.high) <= 0;
    case 'begins_with':
      return startsWith(value, within.start);
  }
};

/** The first place of ordered rows from which on `isBehind` holds. */
export const firstPlace = (rows: readonly Row[], isBehind: (row: Row) => boolean): number => {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isBehind(rows[middle] as Row)) to = middle;
    else from = middle + 1;
  }
  return from;
};

const rangeOf = (
  within: SortCondition,
  rows: readonly Row[],
  sortOf: (item: Item) => Value | undefined,
): readonly [number, number] => {
  const from = (value: Value) => firstPlace(rows, ({ item }) => order(sortOf(item) as Value, value) >= 0);
  const behind = (value: Value) => firstPlace(rows, ({ item }) => order(sortOf(item) as Value, value) > 0);
  switch (within.by) {
    case '=':
      return [from(within.value), behind(within.value)];
    case '<':
      return [0, from(within.value)];
    case '<=':
      return [0, behind(within.value)];
    case '>':
      return [behind(within.value), rows.length];
    case '>=':
      return [from(within.value), rows.length];
    case 'between':
      return [from(within.low), behind(within.high)];
    case 'begins_with': {
      const { start } = within;
      const isBehind = ({ item }: Row): boolean => {
        const value = sortOf(item) as Value;
        return order(value, start) > 0 && !startsWith(value, start);
      };
      return [from(start), firstPlace(rows, isBehind)];
    }
  }
};
