import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const Property = z.object({
  description: z.string(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  const: z.number().optional(),
  enum: z.array(z.string()).optional(),
});
const Schema = z.object({
  title: z.string(),
  description: z.string(),
  required: z.array(z.string()),
  properties: z.record(z.string(), Property),
});
const Example = z.object({
  source: z.literal('wattstream'),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
});

export type CataloguedEvent = { readonly schema: z.infer<typeof Schema>; readonly example: z.infer<typeof Example> };

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

/** Every event of this folder with its example, ordered by name. Throws on a schema without example or description. */
export const catalogue = (): readonly CataloguedEvent[] =>
  readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.schema.json'))
    .sort()
    .map((file) => ({
      schema: Schema.parse(read(file)),
      example: Example.parse(read(file.replace('.schema.', '.example.'))),
    }));

const typeOf = ({ type, format, const: constant, enum: words }: z.infer<typeof Property>): string => {
  if (constant !== undefined) return `${constant}`;
  if (words) return words.map((word) => `\`${word}\``).join(', ');
  if (format === 'date-time') return 'instant, ISO 8601 UTC';
  return typeof type === 'string' ? type : (type ?? []).join(' or ');
};

const section = ({ schema, example }: CataloguedEvent): string =>
  [
    `## ${schema.title}`,
    '',
    schema.description,
    '',
    `Schema: [${schema.title}.schema.json](../events/${schema.title}.schema.json)`,
    '',
    '| detail | | type | meaning |',
    '|---|---|---|---|',
    ...Object.entries(schema.properties).map(
      ([name, property]) =>
        `| \`${name}\` | ${schema.required.includes(name) ? '' : 'optional'} | ${typeOf(property)} | ${property.description} |`,
    ),
    '',
    '```json',
    JSON.stringify(example, null, 2),
    '```',
    '',
  ].join('\n');

const preface = `# Events on the bus

Written from \`events/*.schema.json\` by \`npm run docs:events\`: change the schemas, not this file.
How to subscribe, with an example that was tried: [subscribing.md](subscribing.md).

Everything below is put on the EventBridge bus \`wattstream-STAGE\` (output \`EventBus\`) with source \`wattstream\`; the name is the \`detail-type\`.

- **At least once, in no order.** EventBridge may deliver an event again and out of order. \`detail.id\` is a function of what caused the event:
  deliveries of the same event carry the same id. Deduplicate on it, and order by \`detail.time\` where order matters.
- **Event time.** \`detail.time\` is when it happened; \`receivedAt\` is when the cloud heard of it. Offline queues make them differ by hours.
- **Versioned.** \`detail.version\` is raised when a property is removed, renamed or changes its meaning; new optional ones come without.
- **Units** are in the names: \`energyWh\`, \`powerW\`, \`durationSec\`. Instants are ISO 8601 in UTC. What is not known is absent, never 0.
- **Replayable.** The bus has an archive: \`aws events start-replay\` sends again what came onto the bus in a span of time
  (the event's own \`time\`, beside \`detail\`), with the same ids.
`;

/** docs/events.md as text. */
export const eventsDocument = (events: readonly CataloguedEvent[]): string =>
  [
    preface,
    events.map(({ schema }) => `- [${schema.title}](#${schema.title.toLowerCase()}): ${schema.description}`).join('\n'),
    '',
    ...events.map(section),
  ].join('\n');
