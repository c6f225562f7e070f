import { writeFileSync } from 'node:fs';
import { catalogue, eventsDocument } from './catalogue.ts';

writeFileSync(new URL('../docs/events.md', import.meta.url), eventsDocument(catalogue()));
