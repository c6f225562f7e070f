import type { TableShape } from '../../../lib/stores/tables.ts';
import type { TableProperties } from '../../../local/dynamodb/dynamodb-table.ts';
import type { KeyType } from './attribute-value.ts';

export type KeyAttribute = { readonly name: string; readonly type: KeyType };
export type KeySchema = { readonly hash: KeyAttribute; readonly sort?: KeyAttribute };

export type IndexDefinition = KeySchema & {
  /** What the index holds beside the keys: everything, nothing, or these attributes. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[];
};

export type StreamView = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';

export type TableDefinition = {
  readonly name: string;
  readonly key: KeySchema;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  /** The change stream, if there is one. */
  readonly stream?: StreamView;
  /** The attribute (s since the epoch) that ends an item's life. */
  readonly expires?: string;
};

const schemaOf = ([hash, sort]: readonly (KeyAttribute | undefined)[]): KeySchema => {
  if (hash === undefined) throw new Error('A key without a partition key');
  return sort === undefined ? { hash } : { hash, sort };
};

/** A table of lib/stores, under a name. */
export const tableOfShape = (name: string, shape: TableShape): TableDefinition => {
  const attribute = (one: TableShape['key'] | undefined): KeyAttribute | undefined =>
    one && { name: one.name, type: one.type as KeyType };
  const projection = shape.projection === 'ALL' ? 'ALL' : 'KEYS_ONLY';
  return {
    name,
    key: schemaOf([attribute(shape.key), attribute(shape.sort)]),
    indexes: Object.fromEntries(
      Object.entries(shape.indexes ?? {}).map(([index, keys]) => [
        index,
        { ...schemaOf(keys.map(attribute)), projection },
      ]),
    ),
    ...(shape.changes && { stream: 'NEW_AND_OLD_IMAGES' }),
    ...(shape.expires && { expires: shape.expires }),
  };
};

/** A table of the synthesized template, under the name it got. */
export const tableOfTemplate = (name: string, properties: TableProperties): TableDefinition => {
  const types = new Map(
    properties.AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  const attribute = (wanted: string, schema: TableProperties['KeySchema']): KeyAttribute | undefined => {
    const found = schema.find(({ KeyType }) => KeyType === wanted)?.AttributeName;
    const type = found === undefined ? undefined : types.get(found);
    return found === undefined || type === undefined ? undefined : { name: found, type };
  };
  const keys = (schema: TableProperties['KeySchema']): KeySchema =>
    schemaOf([attribute('HASH', schema), attribute('RANGE', schema)]);
  const { StreamSpecification: stream, TimeToLiveSpecification: life } = properties;
  return {
    name,
    key: keys(properties.KeySchema),
    indexes: Object.fromEntries(
      (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => [
        IndexName,
        {
          ...keys(KeySchema),
          projection:
            Projection.ProjectionType === 'INCLUDE' ? (Projection.NonKeyAttributes ?? []) : Projection.ProjectionType,
        },
      ]),
    ),
    ...(stream && { stream: stream.StreamViewType }),
    ...(life?.Enabled && { expires: life.AttributeName }),
  };
};
