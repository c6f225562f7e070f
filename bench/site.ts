import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { programOptions } from '../cli/command-line/program-options.ts';
import { quantile } from './quantile.ts';
import { percentLeft } from './site/energy-account.ts';
import { keptParts } from './site/kept-parts.ts';
import { type DayFigures, sumOfFigures } from './site/live-day.ts';
import type { GroupResult, GroupTask, Variant } from './site/run-group.ts';

/**
 * A day of controlled sites in virtual time: simulated chargers, the use cases of the stack over ports in memory, noisy
 * buildings with solar, and everything that can go wrong. Beside it, without faults: nobody limited, an equal split, and a
 * published recipe's formula. Fails where committed power stayed above what the connection leaves, or too little energy came.
 */
const usage = `Usage: npm run bench:site -- [--sites 20] [--hours 24] [--rival-sites 2] [--seed 1] [--workers N]
                    [--keep FOLDER] [--json]
  --sites N         controlled sites
  --hours N         how long they are simulated
  --rival-sites N   sites of each of the three ways it is compared with
  --seed TEXT       another day
  --workers N       threads
  --keep FOLDER     keep finished parts there, and take from there what an earlier run of the same code has finished
  --json            one JSON object`;

const values = programOptions(usage, {
  sites: { type: 'number', otherwise: 20, from: 1 },
  hours: { type: 'number', otherwise: 24, from: 0.1, isFraction: true },
  'rival-sites': { type: 'number', otherwise: 2, from: 0 },
  seed: { type: 'text', otherwise: '1' },
  workers: { type: 'number', otherwise: availableParallelism(), from: 1 },
  keep: { type: 'text' },
  json: { type: 'flag' },
});
const { sites: siteCount, hours, 'rival-sites': rivalSites, workers: workerCount } = values;

const LEAST_SHARE = 0.98;
const HOURS_A_MONTH = 730;
/** Sites are independent of each other: groups of so many are simulated side by side. */
const GROUP = 2;
const CONNECTORS = 20;

/** Runs tasks one after another in a thread of its own. */
const groupWorker = () => {
  const worker = new Worker(new URL('./site/run-group.ts', import.meta.url));
  return {
    run: async (task: GroupTask): Promise<GroupResult> => {
      const answered = once(worker, 'message');
      worker.postMessage(task);
      const [result]: GroupResult[] = await answered;
      if (result === undefined) throw new Error('A worker answered with nothing');
      return result;
    },
    end: () => worker.terminate(),
  };
};

const groupsOf = (count: number, variant: Variant): readonly GroupTask[] =>
  Array.from({ length: Math.ceil(count / GROUP) }, (_, group) => ({
    variant,
    seed: values.seed,
    hours,
    sites: Array.from({ length: Math.min(GROUP, count - group * GROUP) }, (__, index) => group * GROUP + index),
  }));

/** On a few sites, for comparison. */
const beside = ['equal shares', 'modest cars', 'uncontrolled', 'equal split', 'streaming recipe'] as const;

const started = performance.now();
const tasks = [
  ...groupsOf(siteCount, 'controlled'),
  ...groupsOf(siteCount, 'with faults'),
  ...beside.flatMap((variant) => groupsOf(rivalSites, variant)),
];
const kept = keptParts(values.keep);
const results = tasks.flatMap((task) => kept.find(task) ?? []);
const left = tasks.filter((task) => kept.find(task) === undefined);
const work = async (): Promise<void> => {
  const worker = groupWorker();
  for (let task = left.shift(); task !== undefined; task = left.shift()) {
    const result = await worker.run(task);
    kept.keep(task, result);
    results.push(result);
    if (!values.json) process.stderr.write(`\r${results.length} of ${tasks.length} parts`);
  }
  await worker.end();
};
await Promise.all(Array.from({ length: workerCount }, work));

/** The energy that came, against the optimum of the same sites. */
const shareOf = (own: readonly GroupResult[]): number => {
  const total = (of: (result: GroupResult) => number): number => own.reduce((sum, result) => sum + of(result), 0);
  return total(({ figures }) => figures.energyWh) / total(({ optimumWh }) => optimumWh);
};

const rowOf = (variant: Variant, figures: DayFigures, own: readonly GroupResult[]) => {
  const { overall, beyond, drawn, pauses } = figures;
  const connectors = own.reduce((sum, { sites }) => sum + sites * CONNECTORS, 0);
  return {
    variant,
    connectors,
    energyKwh: Math.round(figures.energyWh / 1_000),
    ofOptimumPercent: Number((100 * shareOf(own)).toFixed(2)),
    leftPercent: percentLeft(
      figures.left,
      own.reduce((sum, { optimumWh }) => sum + optimumWh, 0),
    ),
    scarceHoursPerSite: Number((figures.scarceHours / (connectors / CONNECTORS)).toFixed(1)),
    aboveSeconds: overall.seconds,
    aboveKwh: Number(overall.kwh.toFixed(3)),
    aboveMostKw: Number((overall.mostW / 1_000).toFixed(1)),
    drawnAboveKwh: Number(drawn.kwh.toFixed(3)),
    beyondOnePeriod: beyond,
    sessions: figures.sessions,
    setpointsPerSessionHour: Number((figures.setpoints / figures.sessionHours).toFixed(1)),
    setpointsPerSession: Number((figures.setpoints / Math.max(1, figures.sessions)).toFixed(1)),
    refreshesPerSessionHour: Number((figures.refreshes / figures.sessionHours).toFixed(1)),
    commandsPerChargerMonth: Math.round((figures.profilesSent / connectors / hours) * HOURS_A_MONTH),
    pauses: pauses.length,
    pauseMedianMin: Number(((quantile(pauses, 0.5) || 0) / 60).toFixed(1)),
    pauseLongestMin: Number((Math.max(0, ...pauses) / 60).toFixed(1)),
  };
};

const variants = [...new Set(tasks.map(({ variant }) => variant))];
const rows = variants.map((variant) => {
  const own = results.filter((result) => result.variant === variant);
  return rowOf(variant, sumOfFigures(own.map(({ figures }) => figures)), own);
});

const tookSec = Math.round((performance.now() - started) / 1_000);
if (values.json) console.log(JSON.stringify({ seed: values.seed, sites: siteCount, hours, tookSec, rows }, null, 2));
else {
  process.stderr.write('\n');
  console.table(
    Object.fromEntries(
      rows.map(({ variant, beyondOnePeriod, leftPercent: _, ...row }) => [
        variant,
        { ...row, beyondSeconds: Object.values(beyondOnePeriod).reduce((sum, { seconds }) => sum + seconds, 0) },
      ]),
    ),
  );
  console.log('Energy that was left, percent of the optimum, by cause (bench/site/energy-account.ts)');
  console.table(Object.fromEntries(rows.map(({ variant, leftPercent }) => [variant, leftPercent])));
  for (const { variant, beyondOnePeriod } of rows.filter((row) => row.variant === 'with faults')) {
    console.log(`${variant}: committed above what the connection left within the last control period and actuation`);
    console.table(beyondOnePeriod);
  }
  console.log(`${siteCount} sites, ${hours} hours, seed ${values.seed}, ${tookSec} s`);
}
const controlled = rows.find(({ variant }) => variant === 'controlled');
const isKept = Object.values(controlled?.beyondOnePeriod ?? {}).every(({ seconds }) => seconds === 0);
const isEnough = hours < 24 || (controlled?.ofOptimumPercent ?? 0) >= 100 * LEAST_SHARE;
process.exitCode = isKept && isEnough ? 0 : 1;
