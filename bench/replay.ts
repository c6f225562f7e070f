import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { systemClock } from '../simulator/clock.ts';
import { progress } from '../simulator/replay/progress.ts';
import { recordedRows } from '../simulator/replay/recorded-row.ts';
import { replayPlan } from '../simulator/replay/replay-plan.ts';
import { runReplay } from '../simulator/replay/run-replay.ts';
import { printTable } from './print-table.ts';
import { runBench } from './run-bench.ts';

const demoWeek = new URL('../data/demo-week-2018-10-22.csv', import.meta.url);

const usage = `Usage: npm run bench:replay
How fast the demo week goes through the whole stack. It has no options; npm run replay has them.`;

programOptions(usage, {});

/** How fast the demo week goes through the whole stack, boot included. Fails when it does not come out as recorded. */
const run = async (): Promise<number> => {
  const startedAt = performance.now();
  exitOnSignals();
  const folder = temporaryFolder('wattstream-bench-');
  const plan = replayPlan(recordedRows(readFileSync(demoWeek, 'utf8')));
  const stack = await startLocal({ assembly: await synthesize(join('.wattstream', 'bench')), folder });
  try {
    Object.assign(process.env, stack.environment);
    const bootMs = performance.now() - startedAt;
    let deliveredInMs = 0;
    const way = { twice: false, duplicates: 0 };
    const { report, traffic, settledInMs } = await runReplay(stack, plan, way, {
      bar: progress(process.stderr, systemClock),
      delivered: (_, inMs) => {
        deliveredInMs = inMs;
      },
    });
    const totalMs = performance.now() - startedAt;
    const seconds = (ms: number) => (ms / 1000).toFixed(1);
    const perSec = (count: number) => ((1000 * count) / deliveredInMs).toFixed(1);
    printTable([
      ['boot (with synthesis, if need be), s', seconds(bootMs)],
      ['delivery, s', seconds(deliveredInMs)],
      ['stores settled after another, s', seconds(settledInMs)],
      ['in total, s', seconds(totalMs)],
      ['sessions, sessions/s', `${report.sessions}, ${perSec(report.sessions)}`],
      ['messages, messages/s', `${traffic.answered}, ${perSec(traffic.answered)}`],
      ['answer latency p50 / p99, ms', `${traffic.p50Ms} / ${traffic.p99Ms}`],
      ['kWh', report.energyKwh],
    ]);
    return report.sessions === 623 && Math.abs(report.energyKwh - 7013.879) < 0.001 ? 0 : 1;
  } finally {
    await stack.stop();
  }
};

await runBench(run);
