import { Problem } from '../cli/command-line/problem.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { type Profile, profiles, type SimOptions, usualOptions } from './options.ts';
import { runSeed } from './run-seed.ts';
import { readDeployed } from './stack/deployed.ts';

const usage = `Usage: npm run sim -- [options]
Runs the whole stack with simulated chargers in one process, under seeds: the same seed gives the same run, on any machine.
  --seed N      the first seed (1)
  --seeds N     how many seeds, one after the other (1)
  --stations S  how many charging stations (${usualOptions.stations})
  --days D      how long they live, in days (${usualOptions.days})
  --profile P   how rough the world is: ${profiles.join(', ')} (${usualOptions.profile})
  --trace       print what happens, line by line
Ends with 1 when a seed breaks an invariant. docs/simulation.md tells how to read what it prints.`;

const given = programOptions(usage, {
  seed: { type: 'number', otherwise: 1, from: 0 },
  seeds: { type: 'number', otherwise: 1, from: 1 },
  stations: { type: 'number', otherwise: usualOptions.stations, from: 1 },
  days: { type: 'number', otherwise: usualOptions.days, from: 0.01, isFraction: true },
  profile: { type: 'text', otherwise: usualOptions.profile },
  trace: { type: 'flag' },
});

const profileNamed = (text: string): Profile => {
  const found = profiles.find((profile) => profile === text);
  if (found === undefined) throw new Problem(`--profile must be one of: ${profiles.join(', ')}`);
  return found;
};

/** CPU time of this process: what a run takes when nobody else uses the machine, ms. */
const cpuMs = (): number => process.cpuUsage().user / 1_000;

const deployed = await readDeployed();
const profile = profileNamed(given.profile);
let failed = 0;
let stationDays = 0;
let messages = 0;
const begunMs = cpuMs();
for (let seed = given.seed; seed < given.seed + given.seeds; seed += 1) {
  const options: SimOptions = { seed, stations: given.stations, days: given.days, profile };
  const { hash, violations, traffic, lines } = await runSeed(deployed, options, { keepsLines: given.trace });
  for (const line of lines) console.log(line);
  for (const { invariant, what } of violations) console.log(`  ${invariant}: ${what}`);
  console.log(
    `seed ${seed} ${hash} ${violations.length === 0 ? 'holds' : `breaks ${violations.length}`}, ${traffic.sent} messages`,
  );
  failed += violations.length > 0 ? 1 : 0;
  stationDays += options.stations * options.days;
  messages += traffic.sent;
}
const minutes = (cpuMs() - begunMs) / 60_000;
console.log(
  `${given.seeds - failed} of ${given.seeds} seeds hold; ${Math.round(stationDays / minutes)} station-days and ${Math.round(messages / minutes)} messages a minute of CPU`,
);
process.exitCode = failed > 0 ? 1 : 0;
