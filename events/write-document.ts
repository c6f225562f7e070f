import { readFileSync, writeFileSync } from 'node:fs';
import { signalTypes } from '../use-cases/accept-site-signals/signal-contracts.ts';
import { catalogue, eventsDocument } from './catalogue.ts';
import { rulesDocument } from './rules-document.ts';
import { signalSchema, signalsDocument } from './signals-document.ts';
import { withSeriesTable } from './with-series-table.ts';

const [argument] = process.argv.slice(2);
if (argument !== undefined) {
  const usage =
    'Usage: npm run docs:events\n\nWrites what docs/ and events/signals/ take from the code: events, alerts, series, signals.';
  if (argument === '--help') console.log(usage);
  else console.error(`"${argument}" is one word too many\n\n${usage}`);
  process.exit(argument === '--help' ? 0 : 2);
}

const docs = (name: string): URL => new URL(`../docs/${name}`, import.meta.url);

writeFileSync(docs('events.md'), eventsDocument(catalogue()));
writeFileSync(docs('alerts.md'), rulesDocument());
writeFileSync(docs('windows.md'), withSeriesTable(readFileSync(docs('windows.md'), 'utf8')));
writeFileSync(docs('signals.md'), signalsDocument(readFileSync(docs('signals.md'), 'utf8')));
for (const type of signalTypes)
  writeFileSync(
    new URL(`signals/${type}.schema.json`, import.meta.url),
    `${JSON.stringify(signalSchema(type), null, 2)}\n`,
  );
