import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { PublishedEvent } from '../../domain/events/published-event.ts';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats.default(ajv);

const validators = new Map<string, { validate: ReturnType<typeof ajv.compile>; known: readonly string[] }>();

const validatorOf = (type: string) => {
  const cached = validators.get(type);
  if (cached) return cached;
  const schema = JSON.parse(readFileSync(new URL(`../../events/${type}.schema.json`, import.meta.url), 'utf8'));
  const made = { validate: ajv.compile(schema), known: Object.keys(schema.properties) };
  validators.set(type, made);
  return made;
};

/** What is wrong with the detail of an event by its schema, properties the schema does not know included; [] when nothing is. */
export const detailFaults = (type: string, detail: PublishedEvent['detail']): readonly string[] => {
  const { validate, known } = validatorOf(type);
  // As subscribers get it: through JSON.
  const sent: unknown = JSON.parse(JSON.stringify(detail));
  validate(sent);
  const unknown = Object.keys(detail).filter((name) => !known.includes(name));
  return [
    ...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
    ...unknown.map((name) => `${name} is not in the schema`),
  ];
};
