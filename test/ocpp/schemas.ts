import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Schema = { readonly [key: string]: unknown };
export type SchemaVersion = 'v16' | 'v201' | 'v21';

const require = createRequire(import.meta.url);
const files = { v16: 'ocpp1_6', v201: 'ocpp2_0_1', v21: 'ocpp2_1' } as const;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asSchema = (value: unknown): Schema => (isSchema(value) ? value : {});

const read = (version: SchemaVersion): ReadonlyMap<string, Schema> => {
  const all: unknown[] = JSON.parse(
    readFileSync(require.resolve(`ocpp-rpc/lib/schemas/${files[version]}.json`), 'utf8'),
  );
  return new Map(all.map(asSchema).map((schema) => [String(schema.$id).replace('urn:', ''), schema]));
};

const byVersion = { v16: read('v16'), v201: read('v201'), v21: read('v21') };

/** Names of all actions the official schemas of a version know. */
export const actionNames = (version: SchemaVersion): string[] => [
  ...new Set([...byVersion[version].keys()].map((name) => name.replace(/(\.req|\.conf|Request|Response)$/, ''))),
];

const example = (schema: Schema, root: Schema, full: boolean): unknown => {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/definitions/', '');
    return example(asSchema(asSchema(root.definitions)[name]), root, full);
  }
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'object') {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const properties = Object.entries(asSchema(schema.properties)).filter(([key]) => full || required.has(key));
    return Object.fromEntries(properties.map(([key, inner]) => [key, example(asSchema(inner), root, full)]));
  }
  if (schema.type === 'array') return [example(asSchema(schema.items), root, full)];
  if (schema.type === 'integer' || schema.type === 'number')
    return Number(schema.minimum ?? Math.min(1, Number(schema.maximum ?? 1)));
  if (schema.type === 'boolean') return true;
  if (schema.format === 'date-time') return '2026-11-20T11:59:00.000Z';
  return schema.format === 'uri' ? 'https://example.org/' : '1';
};

const resolved = (schema: Schema, root: Schema): Schema =>
  typeof schema.$ref === 'string'
    ? asSchema(asSchema(root.definitions)[schema.$ref.replace('#/definitions/', '')])
    : schema;

/** Every word that a status directly below `schema` can be, with the value that holds it. */
const statusesBelow = (schema: Schema, root: Schema): { word: string; value: object }[] =>
  Object.entries(asSchema(schema.properties)).flatMap(([key, inner]) => {
    const property = resolved(asSchema(inner), root);
    if (property.type === 'array')
      return statusesBelow(resolved(asSchema(property.items), root), root).map(({ word, value }) => ({
        word,
        value: { [key]: [value] },
      }));
    if (!/^(status|attributeStatus)$/.test(key) || !Array.isArray(property.enum)) return [];
    const others = asSchema(example(schema, root, false));
    return property.enum.map((word) => ({ word: String(word), value: { ...others, [key]: word } }));
  });

const replySchema = (version: SchemaVersion, action: string): Schema =>
  byVersion[version].get(`${action}.conf`) ?? byVersion[version].get(`${action}Response`) ?? {};

/** A reply of the action that fits the official schema, with everything it allows or with only what it requires. */
export const exampleReply = (version: SchemaVersion, action: string, full: boolean): unknown =>
  example(replySchema(version, action), replySchema(version, action), full);

/** For every status word the schema of a reply knows (its own, or one of an item of its lists) a reply that says it. */
export const repliesByStatus = (version: SchemaVersion, action: string): { word: string; reply: unknown }[] => {
  const schema = replySchema(version, action);
  return statusesBelow(schema, schema).map(({ word, value }) => ({
    word,
    reply: { ...asSchema(example(schema, schema, false)), ...value },
  }));
};

/** A request of the action that fits the official schema: with everything the schema allows, or with only what it requires. */
export const exampleRequest = (version: SchemaVersion, action: string, full: boolean): unknown => {
  const schemas = byVersion[version];
  const schema = schemas.get(`${action}.req`) ?? schemas.get(`${action}Request`) ?? schemas.get(action) ?? {};
  return example(schema, schema, full);
};
