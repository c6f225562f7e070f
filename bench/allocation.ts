import { programOptions } from '../cli/command-line/program-options.ts';
import { allocate } from '../domain/charging/allocate.ts';
import type { AllocationProblem } from '../domain/charging/allocation-problem.ts';
import type { ControlledSession } from '../domain/charging/controlled-session.ts';
import { random } from '../simulator/random.ts';
import { type AcnAlgorithm, acnportalTime } from './allocation/acnportal-time.ts';
import { printTable } from './print-table.ts';
import { quantile } from './quantile.ts';

/**
 * How long allocations take: ten thousand sessions on one connection, and two hundred sites of fifty cars behind five feeders
 * each, one after the other. Medians of many runs after a warm-up, as in a Lambda that stays warm. Fails above the limits.
 * Beside it, where it is installed, acnportal with the same problems.
 */
const usage = `Usage: npm run bench:allocation -- [--beside PYTHON]
How long the allocator takes for ten thousand sessions, and for two hundred sites.
  --beside PYTHON   a Python with acnportal (pip install acnportal==0.3.3): it gets the same problems, and takes minutes`;

const { beside } = programOptions(usage, { beside: { type: 'text' } });

const RUNS = 31;
const WARM_UP = 10;
const ONE_CONSTRAINT_LIMIT_MS = 15;
const SITES_LIMIT_MS = 25;

const chance = random(7);

const car = (index: number): ControlledSession => ({
  id: `car-${index}`,
  minW: 4140,
  upperBounds: [{ by: 'rating', powerW: chance.integer(11, 150) * 1000 }],
  bid: chance.integer(10, 60) / 100,
  arrival: index,
});

const oneConstraint = (cars: number): AllocationProblem => ({
  site: { limitW: cars * 20_000, load: { kind: 'measured', siteW: 0, chargingW: 0 } },
  sessions: Array.from({ length: cars }, (_, index) => car(index)),
  strategy: 'bid-weighted',
});

const site = (cars: number, feeders: number): AllocationProblem => {
  const sessions = Array.from({ length: cars }, (_, index) => car(index));
  const perFeeder = Math.ceil(cars / feeders);
  return {
    site: { limitW: cars * 18_000, load: { kind: 'measured', siteW: 50_000, chargingW: 0 } },
    sessions,
    circuits: Array.from({ length: feeders }, (_, feeder) => ({
      id: `feeder-${feeder}`,
      kind: 'feeder' as const,
      limitW: perFeeder * chance.integer(10, 40) * 1000,
      members: sessions.slice(feeder * perFeeder, (feeder + 1) * perFeeder).map(({ id }) => id),
    })),
    strategy: 'bid-weighted',
  };
};

type Time = { readonly wallMs: number; readonly threadMs: number };

const timed = (work: () => unknown): Time => {
  const [from, before] = [performance.now(), process.threadCpuUsage()];
  work();
  const { user, system } = process.threadCpuUsage(before);
  return { wallMs: performance.now() - from, threadMs: (user + system) / 1000 };
};

/** Wall time is what counts; the thread's own time tells how much of it others on the machine have taken. */
const measured = (name: string, work: () => unknown, limitMs: number): readonly (readonly [string, string])[] => {
  const times = Array.from({ length: WARM_UP + RUNS }, () => timed(work)).slice(WARM_UP);
  const ofWall = (share: number): number =>
    quantile(
      times.map(({ wallMs }) => wallMs),
      share,
    );
  const threadMs = quantile(
    times.map((time) => time.threadMs),
    0.5,
  );
  if (ofWall(0.5) > limitMs) process.exitCode = 1;
  return [
    [
      `${name}, p50`,
      `${ofWall(0.5).toFixed(1)} ms (limit ${limitMs}), of it on the processor ${threadMs.toFixed(1)} ms`,
    ],
    [`${name}, p95`, `${ofWall(0.95).toFixed(1)} ms`],
  ];
};

const crowd = oneConstraint(10_000);
const sites = Array.from({ length: 200 }, () => site(50, 5));
printTable([
  ...measured('10,000 sessions, one constraint', () => allocate(crowd), ONE_CONSTRAINT_LIMIT_MS),
  ...measured('200 sites x 50 cars x 5 feeders', () => sites.map(allocate), SITES_LIMIT_MS),
]);

const totalKw = (problems: readonly AllocationProblem[]): number =>
  problems.flatMap((problem) => allocate(problem).setpoints).reduce((sum, { limitW }) => sum + limitW, 0) / 1_000;

const acnportalRow = (
  python: string,
  algorithm: AcnAlgorithm,
  name: string,
  problems: readonly AllocationProblem[],
): readonly [string, string] => {
  const { ms, givenW } = acnportalTime(python, algorithm, problems);
  const given = `gives out ${Math.round(givenW / 1_000)} kW, the allocator ${Math.round(totalKw(problems))}`;
  return [`acnportal, ${algorithm}: ${name}`, `${Math.round(ms)} ms, once; ${given}`];
};

if (beside !== undefined) {
  // Its algorithms try their steps against all cars, so that their time grows with the square of these: fewer do to compare.
  const smallCrowd = oneConstraint(1_000);
  const fewSites = sites.slice(0, 20);
  printTable([
    ...measured('1,000 sessions, one constraint', () => allocate(smallCrowd), ONE_CONSTRAINT_LIMIT_MS),
    acnportalRow(beside, 'first-come-first-served', '1,000 sessions, one constraint', [smallCrowd]),
    acnportalRow(beside, 'round-robin', '1,000 sessions, one constraint', [smallCrowd]),
    ...measured('20 sites x 50 cars x 5 feeders', () => fewSites.map(allocate), SITES_LIMIT_MS),
    acnportalRow(beside, 'round-robin', '20 sites x 50 cars x 5 feeders', fewSites),
  ]);
}
