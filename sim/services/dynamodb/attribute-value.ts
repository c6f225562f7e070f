import { invalid, invalidParameter } from './errors.ts';
import { compareNumbers, numberBytes, storedNumber } from './number.ts';

/** An attribute as DynamoDB keeps it; never changed once it is there. */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] }
  | { readonly L: readonly Value[] }
  | { readonly M: Item };

export type Item = { readonly [name: string]: Value };

export const valueTypes = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
export type ValueType = (typeof valueTypes)[number];
/** Types a key may have. */
export type KeyType = 'S' | 'N' | 'B';

/** The most bytes an item may have. */
export const MOST_ITEM_BYTES = 400 * 1024;
const DEEPEST = 32;

/** The type of a value that is known to be one. */
export const typeOf = (value: Value): ValueType => {
  for (const type in value) return type as ValueType;
  throw new Error('A value without a type');
};

/** An attribute of an item, if it has it. */
export const attributeOf = (item: Item, name: string): Value | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

const isBytes = (bytes: unknown): bytes is Uint8Array => bytes instanceof Uint8Array;
const emptySet = (kind: string) => invalidParameter(`An ${kind} set  may not be empty`);

const asSet = <Member>(
  members: unknown,
  kind: string,
  stored: (member: unknown) => Member,
  name: (m: Member) => string,
) => {
  if (!Array.isArray(members) || members.length === 0) throw emptySet(kind);
  const all = members.map(stored);
  if (new Set(all.map(name)).size !== all.length)
    throw invalidParameter(`Input collection ${JSON.stringify(members)} contains duplicates.`);
  return all;
};

const asText = (text: unknown): string => {
  if (typeof text === 'string') return text;
  throw invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
};
const asBytes = (bytes: unknown): Uint8Array => {
  if (isBytes(bytes)) return bytes.slice();
  throw invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
};
export const bytesText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/**
 * The value as it is stored: copied, numbers in their one form. Throws ValidationException for none: no type or two, a number
 * that is none, an empty set, more than 32 levels.
 */
export const storedValue = (given: unknown, level = 1): Value => {
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const set = entries.length === 1 ? entries : entries.filter(([, content]) => content !== undefined);
  const [first] = set;
  if (first === undefined)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (set.length > 1)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (level > DEEPEST)
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  const [type, content] = first;
  switch (type) {
    case 'S':
      return { S: asText(content) };
    case 'N':
      return { N: storedNumber(asText(content)) };
    case 'B':
      return { B: asBytes(content) };
    case 'BOOL':
      return { BOOL: content === true };
    case 'NULL':
      if (content !== true) throw invalidParameter('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'SS':
      return { SS: asSet(content, 'string', asText, (text) => text) };
    case 'NS':
      return {
        NS: asSet(
          content,
          'number',
          (number) => storedNumber(asText(number)),
          (number) => number,
        ),
      };
    case 'BS':
      return { BS: asSet(content, 'binary', asBytes, bytesText) };
    case 'L':
      return { L: (content as readonly unknown[]).map((member) => storedValue(member, level + 1)) };
    case 'M':
      return { M: storedItem(content, level + 1) };
    default:
      throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
};

/** An item, or the content of a map, as it is stored. Throws as storedValue does. */
export const storedItem = (given: unknown, level = 1): Item => {
  const item: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given ?? {})) item[name] = storedValue(value, level);
  return item;
};

/** Bytes a value takes towards the limits of items, pages and capacity. */
export const valueBytes = (value: Value): number => {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if ('L' in value) return value.L.reduce((sum, member) => sum + 1 + valueBytes(member), 3);
  if ('SS' in value) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if ('NS' in value) return value.NS.reduce((sum, number) => sum + numberBytes(number), 0);
  return value.BS.reduce((sum, bytes) => sum + bytes.length, 0);
};

/** Items never change: what was counted once is known. */
const counted = new WeakMap<Item, number>();

/** Bytes of an item: names and values. */
export const itemBytes = (item: Item): number => {
  const known = counted.get(item);
  if (known !== undefined) return known;
  let sum = 0;
  for (const name in item) sum += Buffer.byteLength(name) + valueBytes(item[name] as Value);
  counted.set(item, sum);
  return sum;
};

/** Texts are ordered by their UTF-8 bytes: what UTF-16 writes as a pair comes last. */
const codeRank = (code: number): number => (code >= 0xe000 ? code - 0x800 : code >= 0xd800 ? code + 0x2000 : code);
const compareTexts = (a: string, b: string): number => {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return codeRank(left) - codeRank(right);
  }
  return a.length - b.length;
};

/** The order of two values of one comparable type; undefined for different types, and for types without an order. */
export const compareValues = (a: Value, b: Value): number | undefined => {
  if ('S' in a) return 'S' in b ? compareTexts(a.S, b.S) : undefined;
  if ('N' in a) return 'N' in b ? compareNumbers(a.N, b.N) : undefined;
  if ('B' in a) return 'B' in b ? Buffer.compare(a.B, b.B) : undefined;
  return undefined;
};

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((member) => b.includes(member));

/** Whether two values are the same; members of sets in any order. */
export const sameValue = (a: Value, b: Value): boolean => {
  if (a === b) return true;
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && Buffer.compare(a.B, b.B) === 0;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && sameMembers(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && sameMembers(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && sameMembers(a.BS.map(bytesText), b.BS.map(bytesText));
  if ('L' in a)
    return 'L' in b && a.L.length === b.L.length && a.L.every((member, at) => sameValue(member, b.L[at] as Value));
  return 'M' in b && sameItem(a.M, b.M);
};

/** Whether two items have the same attributes. */
export const sameItem = (a: Item, b: Item): boolean => {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = attributeOf(b, name);
      return other !== undefined && sameValue(a[name] as Value, other);
    })
  );
};
