import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programOptions } from '../cli/command-line/program-options.ts';
import { type StageName, stageName, type WindowStoreKind } from '../lib/stages.ts';
import { type Bill, bill, floor, naive, total } from './cost/bill.ts';
import { deployed } from './cost/deployed.ts';
import type { Measured } from './cost/measured.ts';
import { prices } from './cost/prices.ts';
import { workload } from './cost/workload.ts';
import { printTable } from './print-table.ts';

/**
 * What a charger costs a month: the deployed functions work off a quarter of a day of two fleets in simulated time, every
 * request is metered, and the units are multiplied with the prices of bench/cost/prices.ts and with what the stage's template
 * holds. Reads by people (GraphQL) and the taxes of a country are not in it.
 */
const usage = `Usage: npm run bench:cost -- [--json] [--stage dev|prod] [--lines 12]
What a charger costs a month, by service and by line of the bill.
  --json      one JSON object
  --stage S   the stage for every size of fleet, instead of the one that fits
  --lines N   lines of the bill that are listed`;

const values = programOptions(usage, {
  json: { type: 'flag' },
  stage: { type: 'text' },
  lines: { type: 'number', otherwise: 12, from: 1 },
});
const fleets = [10, 1_000, 10_000, 100_000, 1_000_000] as const;
const months = { month1: 1, month13: 13 } as const;
/** Whole sites, so that what a site costs is shared as in a large network. */
const [FEW, MANY] = [workload.stationsPerSite, 2 * workload.stationsPerSite];
const listed = values.lines;

/** Where every account may keep its windows. */
const store: WindowStoreKind = 'dynamodb';
const location = 'dynamodb:windows';
const chosen = values.stage === undefined ? undefined : stageName(values.stage);
const stageOf = (chargers: number): StageName => chosen ?? (chargers <= 100 ? 'dev' : 'prod');

const run = promisify(execFile);
const measure = async (chargers: number): Promise<Measured> => {
  const script = join(import.meta.dirname, 'cost', 'measure.ts');
  const { stdout } = await run(process.execPath, [script, String(chargers), location], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
};

const [few, many] = await Promise.all([measure(FEW), measure(MANY)]);
const stages = new Map([...new Set(fleets.map(stageOf))].map((name) => [name, deployed(name, store)]));
const billed = fleets.map((chargers) => {
  const stage = stages.get(stageOf(chargers));
  if (stage === undefined) throw new Error('Every stage was read');
  const lines = (month: number): Bill => bill(few, many, stage, chargers, month);
  return { chargers, stage: stageOf(chargers), month1: lines(months.month1), month13: lines(months.month13) };
});
const rounded = (usd: number): number => Number(usd.toPrecision(4));
const each = (lines: Bill, chargers: number) =>
  Object.fromEntries([...lines].map(([line, usd]) => [line, rounded(usd / chargers)]));

if (values.json) {
  const result = {
    unit: 'USD per charger and month of 730 h, us-east-1, no free tier',
    windowStore: store,
    workload,
    perChargerMonth: Object.fromEntries(
      billed.map(({ chargers, month1, month13 }) => [
        chargers,
        { month1: rounded(total(month1) / chargers), month13: rounded(total(month13) / chargers) },
      ]),
    ),
    stages: Object.fromEntries(billed.map(({ chargers, stage }) => [chargers, stage])),
    lines: Object.fromEntries(
      billed.map(({ chargers, month1, month13 }) => [
        chargers,
        { month1: each(month1, chargers), month13: each(month13, chargers) },
      ]),
    ),
    floor: rounded(floor(many)),
    naive: rounded(naive(many)),
    prices,
  };
  console.log(JSON.stringify(result));
} else {
  const dollars = (usd: number): string => `$${usd < 1 ? usd.toFixed(4) : usd.toFixed(2)}`;
  printTable([
    ['windows kept in', store],
    ['floor of the traffic, per charger-month', dollars(floor(many))],
    ['naive design, per charger-month', dollars(naive(many))],
  ]);
  for (const { chargers, stage, month1, month13 } of billed) {
    console.log(`\n${chargers} chargers, stage ${stage}: ${dollars(total(month13))} in month 13`);
    printTable([
      ['  per charger, month 1', dollars(total(month1) / chargers)],
      ['  per charger, month 13', dollars(total(month13) / chargers)],
      ...[...month13].slice(0, listed).map(([line, usd]) => [`    ${line}`, dollars(usd / chargers)] as const),
    ]);
  }
}
process.exit();
