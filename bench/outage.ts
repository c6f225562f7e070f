import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { seedDemoNetwork } from '../local/seed-demo-network.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { demoNetwork } from '../simulator/demo-network.ts';
import type { TrafficCount } from '../simulator/traffic.ts';
import { compareFleet } from './compare-fleet.ts';
import { fleetProcess } from './fleet-process.ts';
import { backlogOf, drained } from './outage/drained.ts';
import { type HostedStack, hostedStack, portsOf } from './outage/hosted-stack.ts';
import { injections } from './outage/injections.ts';
import { type OutageOptions, outageOptions } from './outage/outage-options.ts';
import { printTable } from './print-table.ts';
import { runBench } from './run-bench.ts';

/** Where to look when something differs. */
const leftFolder = join('.wattstream', 'outage', 'data');
/** A part of the stack that got nowhere for so long, with nothing out any more, stands still. */
const DRAINING = { everyMs: 5_000, patienceMs: 240_000 };
/** Indexes follow their tables after a moment. */
const agreeWithinMs = 30_000;

/** Objects that were given up and parked. */
const parkedIn = (dataFolder: string): readonly string[] =>
  readdirSync(join(dataFolder, 's3'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dataFolder.length + 1));

const counted = ['sent', 'answered', 'refused', 'timedOut', 'cut', 'abandoned'] as const;
/** What the stations said and heard since an earlier count. */
const since = (before: TrafficCount | undefined, now: TrafficCount | undefined): string =>
  counted
    .map((name) => [name, (now?.[name] ?? 0) - (before?.[name] ?? 0)] as const)
    .filter(([name, count]) => count > 0 || name === 'sent')
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/**
 * Five attempts must outlast a store that is out, well for a moment and out again: their waits grow by one step each, ten
 * steps in all. OCPP 1.6 leaves step and attempts to the operator (TransactionMessageRetryInterval and -Attempts).
 */
const retrySec = ({ outageMs, restMs }: OutageOptions): number => Math.max(3, (2 * outageMs + restMs) / 10_000);

const run = async (): Promise<number> => {
  const options = outageOptions();
  exitOnSignals();
  const folder = temporaryFolder('wattstream-outage-');
  const dataFolder = join(folder, 'data');
  const assembly = await synthesize(join('.wattstream', 'outage'), { windowStore: 'dynamodb' });
  const problems: string[] = [];
  const settings = { assembly, folder, dataFolder };
  let stack: HostedStack = await hostedStack({ ...settings, ports: {} }, (line) => problems.push(line));
  const { access } = stack;
  const restart = () => hostedStack({ ...settings, ports: portsOf(access) }, (line) => problems.push(line));
  Object.assign(process.env, access.environment);
  const output = (name: string): string => String(access.outputs[name]);
  const credentials = join(folder, 'credentials.json');
  const network = demoNetwork({ stations: options.stations, seed: 'demo' });
  await seedDemoNetwork(
    network,
    {
      stations: output('StationsTable'),
      credentials: output('CredentialsTable'),
      tags: output('TagsTable'),
      tariffs: output('TariffsTable'),
      stream: output('OcppStream'),
    },
    credentials,
  );
  const fleet = fleetProcess([
    ...['--url', access.endpoints.ocpp, '--credentials', credentials, '--stations', String(options.stations)],
    ...['--sample-sec', String(options.sampleSec), '--rate', String(options.rate), '--strict'],
    ...['--retry-sec', String(retrySec(options))],
  ]);
  try {
    await sleep(options.stations * 40 + options.restMs);
    const rows: [string, string][] = [['before', since(undefined, fleet.status())]];
    for (const { name, inject } of injections(options.stores, options.outageMs, restart)) {
      const before = fleet.status();
      console.error(name);
      stack = await inject(stack);
      await sleep(options.restMs);
      rows.push([name, since(before, fleet.status())]);
    }
    await fleet.quiesce();
    // The stack that was started again is reached at places of its own.
    Object.assign(process.env, stack.access.environment);
    console.error('waiting until everything is worked off');
    const { tookMs, stoodStill } = await drained(backlogOf(stack), DRAINING);
    const { traffic, stations } = await fleet.quiesce();
    const different = await compareFleet(
      stack.access,
      network.sites.map(({ siteId }) => siteId),
      stations,
      agreeWithinMs,
    );
    const parked = parkedIn(dataFolder);
    const ended = stations.reduce((sum, { transactions }) => sum + transactions.length, 0);
    const pending = stations.reduce((sum, station) => sum + station.pending, 0);
    // An outage may be told; anything else a station is told is wrong.
    const wrong = Object.entries(traffic.failures).filter(
      ([why]) => !/ (InternalError|timed out|abandoned)$/.test(why),
    );
    printTable([
      ...rows,
      ['until everything was worked off, s', (tookMs / 1_000).toFixed(0)],
      ['parts that stood still', stoodStill.length],
      ['sessions ended and compared', ended],
      ['differences between stations and stack', different.length],
      ['wrong answers', wrong.reduce((sum, [, count]) => sum + count, 0)],
      ['messages stations gave up after five refusals', traffic.abandoned],
      ['messages still unanswered', pending],
      ['records parked', parked.length],
    ]);
    if (Object.keys(traffic.failures).length > 0) console.log(JSON.stringify(traffic.failures));
    for (const line of [...stoodStill, ...different.slice(0, 20), ...parked.slice(0, 10)]) console.log(`  ${line}`);
    for (const [line, times] of Map.groupBy(problems, (text) => text.slice(0, 160)))
      console.log(`  ${times.length} times: ${line}`);
    const failed = [stoodStill, different, wrong, parked].some((found) => found.length > 0);
    if (!failed && traffic.abandoned + pending === 0) return 0;
    rmSync(leftFolder, { recursive: true, force: true });
    cpSync(dataFolder, leftFolder, { recursive: true });
    console.log(`What the stack kept, every frame among it, is left in ${leftFolder}`);
    return 1;
  } finally {
    fleet.stop();
    await stack.stop();
  }
};

await runBench(run);
