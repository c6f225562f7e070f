import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentedSchema } from '../../graphql/deployed-schema.ts';
import { resolvers } from '../../graphql/resolvers.ts';
import { appsyncFaults } from './appsync-syntax.ts';

const folder = join(import.meta.dirname, '../../graphql');
const files = readdirSync(join(folder, 'functions')).map((name) => `functions/${name}`);
const source = (file: string) => readFileSync(join(folder, file), 'utf8');
const sdl = documentedSchema();
const schema = buildSchema(
  `scalar AWSDateTime\nscalar AWSDate\nscalar AWSJSON\ndirective @aws_iam on FIELD_DEFINITION | OBJECT
   directive @aws_api_key on FIELD_DEFINITION | OBJECT\ndirective @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION\n${sdl}`,
);
const ours = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && type.astNode);

describe('resolver code', () => {
  it.each(files)('%s is what AppSync runs', (file) => {
    expect(appsyncFaults(source(file))).toEqual([]);
  });

  it.each([
    ['export async function request() {}', 'async or generator'],
    ['export function request() { try { return 1; } catch (e) { return 2; } }', 'TryStatement'],
    ['export function request() { throw 1; }', 'ThrowStatement'],
    ['export function request() { while (true) {} }', 'WhileStatement'],
    ['export function request() { for (;;) {} }', 'ForStatement'],
    ['export function request() { for (const a of []) { continue; } }', 'ContinueStatement'],
    ['class A {}', 'ClassDeclaration'],
    ['export function request() { let a = 1; a++; }', 'UpdateExpression'],
    ['export function request() { return /a/; }', 'regular expression'],
    ['export function request() { return new Map(); }', 'NewExpression'],
    ['export function request(ctx) { return "a" in ctx; }', 'operator in'],
    ['export function request(ctx) { return request(ctx); }', 'recursion'],
    ['function f(a) { return a; } export function request(ctx) { return ctx.map(f); }', 'a function as argument'],
    ['export function request(ctx) { return ctx.call(() => 1); }', 'a function as argument'],
    ["import { x } from './other.js';", 'import'],
    ['export function request() { return this; }', 'ThisExpression'],
  ])('refuses %s', (code, fault) => {
    expect(appsyncFaults(code)).toContain(fault);
  });

  it('is all named in the manifest, and the manifest names no other', () => {
    const named = new Set(resolvers.flatMap(({ steps }) => steps.map(({ code }) => code)));
    expect([...named].sort()).toEqual(files.sort());
  });

  it('never names the credential of a station', () => {
    expect(
      files.filter((file) => /credential\b/.test(source(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))),
    ).toEqual([]);
    expect(/credential|password/i.test(sdl)).toBe(false);
  });
});

describe('the manifest', () => {
  const described = (type: GraphQLNamedType) => {
    const own = type.description ? [] : [type.name];
    if (isEnumType(type))
      return [
        ...own,
        ...type
          .getValues()
          .filter((value) => !value.description)
          .map((v) => v.name),
      ];
    if (!isObjectType(type) && !isInputObjectType(type)) return own;
    const fields = Object.values(type.getFields());
    const args = isObjectType(type) ? Object.values(type.getFields()).flatMap((field) => [...field.args]) : [];
    return [
      ...own,
      ...[...fields, ...args].filter((part) => !part.description).map((part) => `${type.name}.${part.name}`),
    ];
  };

  it('resolves fields that exist, each once', () => {
    const names = resolvers.map(({ type, field }) => `${type}.${field}`);
    const missing = resolvers.filter(({ type, field }) => {
      const found = schema.getType(type);
      return !isObjectType(found) || !(field in found.getFields());
    });
    expect([missing, names.length - new Set(names).size]).toEqual([[], 0]);
  });

  it('resolves every query', () => {
    const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
    const resolved = resolvers.filter(({ type }) => type === 'Query').map(({ field }) => field);
    expect(resolved.sort()).toEqual(queries.sort());
  });

  it('belongs to a schema that explains everything', () => {
    const roots = new Set(['Query', 'Mutation', 'Subscription']);
    expect(
      ours
        .filter(({ name }) => !/^AWS/.test(name))
        .flatMap(described)
        .filter((name) => !roots.has(name)),
    ).toEqual([]);
  });
});
