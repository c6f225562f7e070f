import { writeFileSync } from 'node:fs';
import { catalogue, eventsDocument } from './catalogue.ts';
import { rulesDocument } from './rules-document.ts';

const docs = (name: string): URL => new URL(`../docs/${name}`, import.meta.url);

writeFileSync(docs('events.md'), eventsDocument(catalogue()));
writeFileSync(docs('alerts.md'), rulesDocument());
