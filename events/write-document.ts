import { readFileSync, writeFileSync } from 'node:fs';
import { catalogue, eventsDocument } from './catalogue.ts';
import { rulesDocument } from './rules-document.ts';
import { withSeriesTable } from './series-table.ts';

const docs = (name: string): URL => new URL(`../docs/${name}`, import.meta.url);

writeFileSync(docs('events.md'), eventsDocument(catalogue()));
writeFileSync(docs('alerts.md'), rulesDocument());
writeFileSync(docs('windows.md'), withSeriesTable(readFileSync(docs('windows.md'), 'utf8')));
