import { programOptions } from '../cli/command-line/program-options.ts';
import { planFaults } from './faults/plan-faults.ts';
import { saveRegression } from './regression.ts';
import { type RunResult, runSeed } from './run-seed.ts';
import { type SimCase, shrink } from './shrink.ts';
import { type Profile, profiles, type SimOptions, usualOptions } from './sim-options.ts';
import { readDeployed } from './stack/deployed.ts';

const usage = `Usage: npm run sim -- [options]
Runs the whole stack with simulated chargers in one process, under seeds: the same seed gives the same run, on any machine.
  --seed N      the first seed (1)
  --seeds N     how many seeds, one after the other (1)
  --stations S  how many charging stations (${usualOptions.stations})
  --days D      how long they live, in days (${usualOptions.days})
  --profile P   how rough the world is: ${profiles.join(', ')} (${usualOptions.profile})
  --trace       print what happens, line by line
  --shrink      make a failing run as short as it can be, and print its faults
  --save        keep a failing run, shrunk or not, as a regression test
  --stop        end with the first seed that breaks an invariant
Ends with 1 when a seed breaks an invariant. docs/simulation.md tells how to read what it prints.`;

const given = programOptions(usage, {
  seed: { type: 'number', otherwise: 1, from: 0 },
  seeds: { type: 'number', otherwise: 1, from: 1 },
  stations: { type: 'number', otherwise: usualOptions.stations, from: 1 },
  days: { type: 'number', otherwise: usualOptions.days, from: 0.01, isFraction: true },
  profile: { type: 'text', otherwise: usualOptions.profile },
  trace: { type: 'flag' },
  shrink: { type: 'flag' },
  save: { type: 'flag' },
  stop: { type: 'flag' },
});

const profileNamed = (text: string): Profile => {
  const found = profiles.find((profile) => profile === text);
  if (found !== undefined) return found;
  console.error(`--profile must be one of: ${profiles.join(', ')}`);
  return process.exit(2);
};

const profile = profileNamed(given.profile);
const deployed = await readDeployed();

/** CPU time of this process: what a run takes when nobody else uses the machine, ms. */
const cpuMs = (): number => process.cpuUsage().user / 1_000;

const describe = ({ options, plan }: SimCase): string => {
  const faults = plan.map(
    ({ fault, atMs, forMs }) =>
      `  after ${(atMs / 60_000).toFixed(1)} min, for ${Math.ceil(forMs / 1_000)} s: ${fault}`,
  );
  return [`seed ${options.seed}, ${options.stations} stations, ${options.days} days`, ...faults].join('\n');
};

/** Makes a failing run shorter, as long as it breaks the invariant it broke first. */
const shortest = (failing: SimCase, invariant: string): Promise<SimCase> =>
  shrink(failing, async ({ options, plan }) => {
    const { violations } = await runSeed(deployed, options, { plan });
    return violations.some((violation) => violation.invariant === invariant);
  });

const tell = async (
  { hash, violations, traffic, lines }: RunResult,
  options: SimOptions,
  tookMs: number,
): Promise<void> => {
  for (const line of lines) console.log(line);
  for (const { invariant, what } of violations) console.log(`  ${invariant}: ${what}`);
  const [first] = violations;
  console.log(
    `seed ${options.seed} ${hash} ${first ? `breaks ${violations.length}` : 'holds'}, ${traffic.sent} messages, ${(tookMs / 1_000).toFixed(1)} s of CPU`,
  );
  if (first === undefined) return;
  let failing: SimCase = { options, plan: planFaults(options) };
  if (given.shrink) {
    failing = await shortest(failing, first.invariant);
    console.log(describe(failing));
  }
  if (given.save) console.log(`kept in ${saveRegression(first.invariant, first.what, failing)}`);
};

let tried = 0;
let failed = 0;
let stationDays = 0;
let messages = 0;
let spentMs = 0;
for (let seed = given.seed; seed < given.seed + given.seeds; seed += 1) {
  const options: SimOptions = { seed, stations: given.stations, days: given.days, profile };
  const begunMs = cpuMs();
  const result = await runSeed(deployed, options, { keepsLines: given.trace });
  const tookMs = cpuMs() - begunMs;
  spentMs += tookMs;
  tried += 1;
  failed += result.violations.length > 0 ? 1 : 0;
  stationDays += options.stations * options.days;
  messages += result.traffic.sent;
  await tell(result, options, tookMs);
  if (given.stop && failed > 0) break;
}
const aMinute = (count: number): number => Math.round((count * 60_000) / spentMs);
console.log(
  `${tried - failed} of ${tried} seeds hold; ${aMinute(stationDays)} station-days and ${aMinute(messages)} messages a minute of CPU, ${Math.round(messages / stationDays)} messages a station and day`,
);
process.exitCode = failed > 0 ? 1 : 0;
