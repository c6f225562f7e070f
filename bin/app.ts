import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wattstreamApp } from '../lib/wattstream-app.ts';

// TEMPORARY while the manifest is being written.
const manifest = join(import.meta.dirname, '..', 'graphql', 'resolvers.ts');
const { resolvers } = existsSync(manifest) ? await import(manifest) : { resolvers: [] };

wattstreamApp({ now: Date.now(), resolvers }).app.synth();
