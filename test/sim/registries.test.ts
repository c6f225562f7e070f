import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actors } from '../../sim/actors/index.ts';
import { plantedDefects } from '../../sim/defects/planted-defects.ts';
import { faults } from '../../sim/faults/index.ts';
import { invariants } from '../../sim/invariants/index.ts';
import { wires } from '../../sim/stack/wires.ts';

const root = join(import.meta.dirname, '../..');
const filesIn = (folder: string, except: readonly string[]): string[] =>
  readdirSync(join(root, folder))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !except.includes(name))
    .sort();

describe('the registries of the simulation', () => {
  it('list every fault there is a file of', () => {
    const files = filesIn('sim/faults', ['index', 'fault', 'interference', 'plan-faults', 'service-errors']);
    expect(faults.map(({ name }) => name).sort()).toEqual(files);
  });

  it('list every actor there is a file of', () => {
    expect(actors.map(({ name }) => name).sort()).toEqual(filesIn('sim/actors', ['index', 'actor']));
  });

  it('list every invariant there is a file of', () => {
    expect(invariants.map(({ name }) => name).sort()).toEqual(filesIn('sim/invariants', ['index', 'invariant']));
  });

  it.each(plantedDefects)('plant $name where its text stands once', ({ file, find }) => {
    expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
  });

  it('wire every deployed function', () => {
    expect(Object.keys(wires).sort()).toEqual(readdirSync(join(root, 'lambdas')).sort());
  });
});
