import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { Problem } from '../cli/command-line/problem.ts';
import { beginProgram } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { LocalProblem } from '../local/local-problem.ts';
import { startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { systemClock } from './clock.ts';
import { progress } from './replay/progress.ts';
import { recordedRows } from './replay/recorded-row.ts';
import { type ReplayOptions, replayOptions, replayUsage } from './replay/replay-options.ts';
import { replayPlan } from './replay/replay-plan.ts';
import type { ReplayReport } from './replay/replay-report.ts';
import { runReplay } from './replay/run-replay.ts';
import type { TrafficCount } from './traffic.ts';

const table = (title: string, rows: Readonly<Record<string, number>>): string =>
  [
    title,
    ...Object.entries(rows).map(([key, energyKwh]) => `  ${key.padEnd(16)} ${energyKwh.toFixed(3).padStart(12)} kWh`),
  ].join('\n');

const summary = ({
  byHourUtc,
  byMonthUtc,
  byStation,
  maxConcurrent,
  rejected,
  suspect,
  stationIds,
  ...totals
}: ReplayReport): string =>
  [
    `${totals.rows} rows, ${totals.sessions} sessions, ${totals.orphans} orphans, ${rejected.length} rejected`,
    `${totals.energyKwh.toFixed(3)} kWh in total, at most ${maxConcurrent.count} sessions at once (${maxConcurrent.at ?? 'never'})`,
    ...rejected.map(({ id, reason }) => `  rejected ${id}: ${reason}`),
    ...suspect.map(
      ({ id, recordedKwh, believedKwh }) =>
        `  suspect ${id}: counted with the ${recordedKwh} kWh recorded, the stack believes ${believedKwh}`,
    ),
    ...Object.entries(stationIds).map(([recorded, sent]) => `  station "${recorded}" was sent as ${sent}`),
    table('By station', byStation),
    table('By month, UTC', byMonthUtc),
    table('By hour, UTC', byHourUtc),
  ].join('\n');

const pace = ({ answered, p50Ms, p99Ms }: TrafficCount, inMs: number): string =>
  `${answered} messages answered in ${(inMs / 1000).toFixed(1)} s (${((1000 * answered) / inMs).toFixed(0)}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms)`;

const contentOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem(`Cannot read ${file}: name a file of recorded sessions, such as data/demo-week-2018-10-22.csv`, {
      cause: error,
    });
  }
};

const explained = (error: unknown): unknown => {
  if (error instanceof LocalProblem) return `${error.message}.\n${error.fix}`;
  return error instanceof Problem ? error.message : error;
};

const replay = async (options: ReplayOptions): Promise<void> => {
  const plan = replayPlan(recordedRows(contentOf(options.file)));
  const assembly = await synthesize(join('.wattstream', 'replay'));
  exitOnSignals();
  const folder = temporaryFolder('wattstream-replay-');
  const stack = await startLocal({
    assembly,
    folder,
    log: (source, line) => {
      if (source === 'local') console.error(line);
    },
  });
  try {
    Object.assign(process.env, stack.environment);
    const replayed = await runReplay(stack, plan, options, {
      bar: progress(process.stderr, systemClock),
      delivered: (counted, inMs) => console.error(pace(counted, inMs)),
    });
    console.log(options.json ? JSON.stringify(replayed.report) : summary(replayed.report));
    console.error(`The stores settled ${(replayed.settledInMs / 1000).toFixed(1)} s later`);
  } finally {
    await stack.stop();
  }
};

await replay(beginProgram(replayUsage, replayOptions)).catch((error: unknown) => {
  console.error(explained(error));
  process.exitCode = 1;
});
process.exit();
