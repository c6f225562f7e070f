import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { SignalType } from '../domain/site/site-signal.ts';
import { signalContracts, signalTypes, topicNames } from '../use-cases/accept-site-signals/signal-contracts.ts';

type Property = {
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly const?: number;
  readonly enum?: readonly string[];
  readonly items?: { readonly properties?: Readonly<Record<string, Property>> };
};

/** The schema of a signal as senders get it, made from the contract it is checked by. */
export const signalSchema = (type: SignalType) => ({
  title: type,
  ...z.toJSONSchema(signalContracts[type], { io: 'input', target: 'draft-7' }),
});

/** A message of that signal. */
export const signalExample = (type: SignalType): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`signals/${type}.example.json`, import.meta.url), 'utf8'));

const typeOf = ({ type, format, const: constant, enum: words }: Property): string => {
  if (constant !== undefined) return String(constant);
  if (words) return words.map((word) => `\`${word}\``).join(', ');
  return format === 'date-time' ? 'instant, ISO 8601 with its offset' : (type ?? '');
};

const rows = (properties: Readonly<Record<string, Property>>, required: readonly string[], prefix = ''): string[] =>
  Object.entries(properties).flatMap(([name, property]) => [
    `| \`${prefix}${name}\` | ${required.includes(name) ? '' : 'optional'} | ${typeOf(property)} | ${property.description ?? ''} |`,
    ...(property.items?.properties ? rows(property.items.properties, ['from'], `${name}[].`) : []),
  ]);

const section = (type: SignalType): string => {
  const {
    description = '',
    properties = {},
    required = [],
  } = signalSchema(type) as {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  return [
    `## ${type}`,
    '',
    `${description} Topic \`signals/{siteId}/${topicNames[type]}\`. Schema: [${type}.schema.json](../events/signals/${type}.schema.json)`,
    '',
    '| property | | type | meaning |',
    '|---|---|---|---|',
    ...rows(properties, required),
    '',
    '```json',
    JSON.stringify(signalExample(type), null, 2),
    '```',
    '',
  ].join('\n');
};

/** docs/signals.md: what stands above its mark is written by people, what stands below is made from the contracts. */
export const MARK = '<!-- Below: written from the contracts by npm run docs:events. -->';

export const signalsDocument = (document: string): string =>
  [document.slice(0, document.indexOf(MARK)), MARK, '\n\n', signalTypes.map(section).join('\n')].join('');
