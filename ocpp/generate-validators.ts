/**
 * The text of ocpp/generated/ (`npm run generate` writes it): one validator per message, compiled ahead of time, so that a
 * Lambda's cold start pays neither for the schemas nor for their compiler. The schemas are the Open Charge Alliance's, as npm
 * `ocpp-rpc` carries them.
 *
 * Three files per version: `vNN.js` what a charger may ask, `vNN-commands.js` what we may ask of a charger,
 * `vNN-responses.js` the replies to both. The tables of actions and commands say which messages these are.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { actions16 } from './v16/from-charger/index.ts';
import { commands16 } from './v16/to-charger/index.ts';
import { actions21 } from './v21/from-charger/index.ts';
import { commands21 } from './v21/to-charger/index.ts';
import { actions201 } from './v201/from-charger/index.ts';
import { commands201 } from './v201/to-charger/index.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };
type Side = '' | '-commands' | '-responses';

const require = createRequire(import.meta.url);
const versions = { v16: 'ocpp1_6', v201: 'ocpp2_0_1', v21: 'ocpp2_1' } as const;
export type GeneratedVersion = keyof typeof versions;

type Named = readonly { readonly name: string }[];
const tables: Record<GeneratedVersion, { readonly actions: Named; readonly commands: Named }> = {
  v16: { actions: actions16, commands: commands16 },
  v201: { actions: actions201, commands: commands201 },
  v21: { actions: actions21, commands: commands21 },
};

/** Words that explain a schema to people: they would only weigh on the bundle. */
const prose = new Set(['$schema', '$id', 'description', 'comment', 'javaType', 'title', 'default', 'tsEnumNames']);

const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/;
const uri = /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/;

const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without prose; `properties` and `definitions` are maps of names, where nothing may be dropped. */
const bare = (value: Json, names = false): Json => {
  if (Array.isArray(value)) return value.map((entry) => bare(entry));
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => names || !prose.has(key))
      .map(([key, inner]) => [key, bare(inner, !names && (key === 'properties' || key === 'definitions'))]),
  );
};

/** Every `$ref` replaced by what `resolve` makes of it. */
const mapReferences = (value: Json, resolve: (reference: string) => Json): Json => {
  if (Array.isArray(value)) return value.map((entry) => mapReferences(entry, resolve));
  if (!isSchema(value)) return value;
  if (typeof value.$ref === 'string') return resolve(value.$ref);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapReferences(inner, resolve)]));
};

const definitionOf = (reference: string): string => reference.replace('#/definitions/', '');

/** Definitions repeat from message to message: equal ones are kept once, which more than halves the compiled code. */
const shareDefinitions = (schemas: ReadonlyMap<string, Schema>) => {
  const shared: Record<string, Json> = {};
  const messages = new Map<string, Schema>();
  const nameByMeaning = new Map<string, string>();
  for (const [name, { definitions, ...message }] of schemas) {
    const own = isSchema(definitions) ? definitions : {};
    const meaning = (reference: string): Json => [mapReferences(own[definitionOf(reference)] ?? null, meaning)];
    const point = (reference: string): Json => {
      const definition = definitionOf(reference);
      const key = `${definition}:${JSON.stringify(meaning(reference))}`;
      const known = nameByMeaning.get(key);
      const target = known ?? (definition in shared ? `${definition}Of${name}` : definition);
      if (known === undefined) {
        nameByMeaning.set(key, target);
        shared[target] = null;
        shared[target] = mapReferences(own[definition] ?? null, point);
      }
      return { $ref: `shared#/definitions/${target}` };
    };
    const pointed = mapReferences(message, point);
    if (isSchema(pointed)) messages.set(name, pointed);
  }
  return { shared, messages };
};

const messagesOf = (version: GeneratedVersion, side: Side): Map<string, Schema> => {
  const path = require.resolve(`ocpp-rpc/lib/schemas/${versions[version]}.json`);
  const all: Schema[] = JSON.parse(readFileSync(path, 'utf8'));
  const { actions, commands } = tables[version];
  const asked = new Set((side === '' ? actions : commands).map(({ name }) => name));
  const messages = new Map<string, Schema>();
  for (const schema of all) {
    const name = String(schema.$id).replace('urn:', '');
    const action = name.replace(/(\.req|\.conf|Request|Response)$/, '');
    const reply = /(\.conf|Response)$/.test(name);
    const wanted = side === '-responses' ? reply : !reply && asked.has(action);
    const stripped = bare(schema);
    if (wanted && isSchema(stripped)) messages.set(action, stripped);
  }
  return messages;
};

/** The source text of one generated file and of its declaration. */
export const validatorsFor = (version: GeneratedVersion, side: Side): { code: string; types: string } => {
  const { shared, messages } = shareDefinitions(messagesOf(version, side));
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    unicode: false,
    inlineRefs: false,
    strict: false,
    logger: false,
    multipleOfPrecision: 6,
    formats: { 'date-time': dateTime, uri },
    code: { source: true, esm: true, optimize: 2 },
  });
  ajv.addSchema({ $id: 'shared', definitions: shared });
  for (const [name, schema] of messages) ajv.addSchema({ ...schema, $id: name });
  const names = [...messages.keys()].sort();
  const banner = '// Generated by ocpp/generate-validators.ts (npm run generate). Do not edit.\n';
  const code = standaloneCode.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  const types = names.map((name) => `export const ${name}: Validate;`).join('\n');
  return {
    code: `${banner}${code.replace('"use strict";', '')}\n`,
    types: `${banner}import type { Validate } from '../validate.ts';\n${types}\n`,
  };
};

export const sides: readonly Side[] = ['', '-commands', '-responses'];
export const generatedVersions = Object.keys(versions) as GeneratedVersion[];
