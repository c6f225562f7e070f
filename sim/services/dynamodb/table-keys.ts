import { attributeOf, type Item, storedValue, typeOf, type Value } from './attribute-value.ts';
import { keyText } from './collection.ts';
import { invalid, invalidParameter } from './errors.ts';
import type { IndexDefinition, KeyAttribute, KeySchema, TableDefinition } from './table-definition.ts';

/** Bytes a key attribute may have: of the partition key, of the sort key. */
const MOST_BYTES = { hash: 2_048, sort: 1_024 } as const;
type Part = keyof typeof MOST_BYTES;

/** What a table demands of the keys of its items. */
export type TableKeys = {
  /** The attributes of the key. */
  readonly names: readonly string[];
  /** The key of an item, as one text. Throws ValidationException when the attributes are not exactly the key's. */
  readonly keyOf: (key: unknown) => { readonly key: string; readonly attributes: Item };
  /** The key of a whole item. Throws ValidationException when it is missing or no key, of the table or of an index. */
  readonly keyIn: (item: Item, by: 'put' | 'update') => string;
};

const partsOf = ({ hash, sort }: KeySchema): readonly (readonly [Part, KeyAttribute])[] =>
  sort === undefined
    ? [['hash', hash]]
    : [
        ['hash', hash],
        ['sort', sort],
      ];

/** The attributes an index holds; undefined for all. */
export const heldNames = (index: IndexDefinition, keyNames: readonly string[]): readonly string[] | undefined => {
  if (index.projection === 'ALL') return undefined;
  const others = index.projection === 'KEYS_ONLY' ? [] : index.projection;
  return [...new Set([...partsOf(index).map(([, { name }]) => name), ...keyNames, ...others])];
};

const EMPTY_KEY = 'The AttributeValue for a key attribute cannot contain an empty';
const emptyIn = (by: 'put' | 'update'): string =>
  by === 'put'
    ? 'A value specified for a secondary index key is not supported.'
    : 'The update expression attempted to update a secondary index key to a value that is not supported.';

/** Refuses a key attribute that is empty or too long. `empty` says it of an empty one. */
const checkLength = (part: Part, value: Value, empty: (kind: string) => string): void => {
  if ('N' in value) return;
  const bytes = 'S' in value ? Buffer.byteLength(value.S) : 'B' in value ? value.B.length : 0;
  if (bytes === 0) throw invalid(empty('S' in value ? 'string' : 'binary'));
  if (bytes > MOST_BYTES[part])
    throw invalidParameter(
      `Size of ${part === 'hash' ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${MOST_BYTES[part]} bytes`,
    );
};

export const tableKeys = ({ key: schema, indexes }: TableDefinition): TableKeys => {
  const parts = partsOf(schema);
  const ofIndexes = Object.entries(indexes).flatMap(([indexName, index]) =>
    partsOf(index).map(([part, attribute]) => ({ indexName, part, attribute })),
  );
  const textOf = (item: Item): string => {
    const hash = keyText(item[schema.hash.name] as Value);
    return schema.sort === undefined ? hash : `${hash.length}:${hash}${keyText(item[schema.sort.name] as Value)}`;
  };
  const checkOwn = (part: Part, { name }: KeyAttribute, value: Value): void =>
    checkLength(
      part,
      value,
      (kind) => `One or more parameter values are not valid. ${EMPTY_KEY} ${kind} value. Key: ${name}`,
    );

  return {
    names: parts.map(([, { name }]) => name),
    keyOf: (given) => {
      const mismatch = () => invalid('The provided key element does not match the schema');
      const fields: Readonly<Record<string, unknown>> = typeof given === 'object' && given !== null ? { ...given } : {};
      if (Object.keys(fields).length !== parts.length) throw mismatch();
      const attributes: Record<string, Value> = {};
      for (const [part, attribute] of parts) {
        const raw = fields[attribute.name];
        if (raw === undefined) throw mismatch();
        const value = storedValue(raw);
        if (typeOf(value) !== attribute.type) throw mismatch();
        checkOwn(part, attribute, value);
        attributes[attribute.name] = value;
      }
      return { key: textOf(attributes), attributes };
    },
    keyIn: (item, by) => {
      for (const [part, attribute] of parts) {
        const { name, type } = attribute;
        const value = attributeOf(item, name);
        if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
        if (typeOf(value) !== type)
          throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
        checkOwn(part, attribute, value);
      }
      for (const { indexName, part, attribute } of ofIndexes) {
        const { name, type } = attribute;
        const value = attributeOf(item, name);
        if (value === undefined) continue;
        if (typeOf(value) !== type)
          throw invalidParameter(
            `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
          );
        checkLength(
          part,
          value,
          (kind) =>
            `One or more parameter values are not valid. ${emptyIn(by)} ${EMPTY_KEY} ${kind} value. IndexName: ${indexName}, IndexKey: ${name}`,
        );
      }
      return textOf(item);
    },
  };
};
