import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedVersions, sides, validatorsFor } from '../ocpp/generate-validators.ts';
import { programOptions } from './command-line/program-options.ts';

programOptions(
  'Usage: npm run generate\nWrites the validators of all OCPP messages into ocpp/generated. It has no options.',
  {},
);

/** Writes the validators of all OCPP messages into ocpp/generated: npm run generate. */
for (const version of generatedVersions)
  for (const side of sides) {
    const { code, types } = validatorsFor(version, side);
    const target = join(import.meta.dirname, '../ocpp/generated', `${version}${side}`);
    writeFileSync(`${target}.js`, code);
    writeFileSync(`${target}.d.ts`, types);
  }
