import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedVersions, sides, validatorsFor } from '../../ocpp/generate-validators.ts';

const folder = new URL('../../ocpp/generated/', import.meta.url);
const files = generatedVersions.flatMap((version) =>
  sides.map((side) => ({ version, side, name: `${version}${side}` })),
);

describe('the generated validators', () => {
  it.each(files)('$name are what the generator writes today (npm run generate)', ({ version, side, name }) => {
    const { code, types } = validatorsFor(version, side);
    expect(readFileSync(new URL(`${name}.js`, folder), 'utf8') === code).toBe(true);
    expect(readFileSync(new URL(`${name}.d.ts`, folder), 'utf8')).toBe(types);
  });

  it.each(files)('$name need nothing at run time', ({ name }) => {
    expect(readFileSync(new URL(`${name}.js`, folder), 'utf8')).not.toMatch(/\brequire\(|^import /m);
  });

  it('are the only files in their folder', () => {
    expect(readdirSync(folder).sort()).toEqual(files.flatMap(({ name }) => [`${name}.d.ts`, `${name}.js`]).sort());
  });
});
