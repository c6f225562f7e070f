import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { programOptions } from '../cli/command-line/program-options.ts';
import { plantedDefects } from './defects/planted-defects.ts';
import { usualOptions } from './sim-options.ts';
import { readDeployed } from './stack/deployed.ts';

const usage = `Usage: npm run sim:defects -- [options]
Plants defects into the product, one at a time, and counts the seeds until the simulation finds each. Prints a table.
  --seeds N     how many seeds to try for each (200)
  --stations S  (${usualOptions.stations})
  --days D      (${usualOptions.days})
  --only NAME   this defect alone
Ends with 1 when more than one is not found, or a seed that finds one breaks without it.`;

const given = programOptions(usage, {
  seeds: { type: 'number', otherwise: 200, from: 1 },
  stations: { type: 'number', otherwise: usualOptions.stations, from: 1 },
  days: { type: 'number', otherwise: usualOptions.days, from: 0.01, isFraction: true },
  only: { type: 'text' },
});

/** A seed that breaks, and which invariant it broke. */
type Found = { readonly seed: number; readonly invariant: string };

/** The first of some seeds that breaks, with a defect or without one. */
const firstBroken = (firstSeed: number, seeds: number, defect: string | undefined): Promise<Found | undefined> =>
  new Promise((resolve, reject) => {
    const { stations, days } = given;
    const told = { seed: firstSeed, seeds, stations, days };
    const options = [...Object.entries(told).flatMap(([name, value]) => [`--${name}`, String(value)]), '--stop'];
    const plant = defect === undefined ? [] : ['--import', join(import.meta.dirname, 'defects/plant.ts')];
    const child = spawn(process.execPath, [...plant, join(import.meta.dirname, 'main.ts'), ...options], {
      env: { ...process.env, ...(defect !== undefined && { SIM_DEFECT: defect }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', reject);
    child.on('exit', () => {
      const [, seed] = /^seed (\d+) .* breaks/m.exec(said) ?? [];
      const [, invariant = ''] = /^ {2}([a-z-]+): /m.exec(said) ?? [];
      resolve(seed === undefined ? undefined : { seed: Number(seed), invariant });
    });
  });

const sound = new Set<number>();

/** The first seed that a defect breaks. Throws where it breaks without the defect as well: then it says nothing. */
const foundBy = async (defect: string): Promise<Found | undefined> => {
  const found = await firstBroken(1, given.seeds, defect);
  if (found === undefined || sound.has(found.seed)) return found;
  const alone = await firstBroken(found.seed, 1, undefined);
  if (alone !== undefined)
    throw new Error(`Seed ${found.seed} breaks ${alone.invariant} without a defect: mend that first`);
  sound.add(found.seed);
  return found;
};

// The template of the sound product serves all.
await readDeployed();
const wanted = plantedDefects.filter(({ name }) => given.only === undefined || name === given.only);
let missed = 0;
console.log('| defect | what is wrong | found by seed | through |\n|---|---|---|---|');
for (const { name, about } of wanted) {
  const found = await foundBy(name);
  missed += found === undefined ? 1 : 0;
  console.log(`| ${name} | ${about} | ${found?.seed ?? 'none'} | ${found?.invariant ?? ''} |`);
}
console.log(`\n${wanted.length - missed} of ${wanted.length} found within ${given.seeds} seeds each`);
process.exitCode = missed > 1 ? 1 : 0;
