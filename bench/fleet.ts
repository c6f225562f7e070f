import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { seedDemoNetwork } from '../local/seed-demo-network.ts';
import { startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { demoNetwork } from '../simulator/demo-network.ts';
import { compareFleet } from './compare-fleet.ts';
import { fleetBenchOptions } from './fleet-bench-options.ts';
import { fleetProcess } from './fleet-process.ts';
import { graphql } from './graphql.ts';
import { printTable } from './print-table.ts';
import { quantile } from './quantile.ts';
import { registerBenched } from './register-benched.ts';
import { runBench } from './run-bench.ts';
import { treeMemoryMb } from './tree-memory-mb.ts';
import { visibilityProbe } from './visibility-probe.ts';

const probeId = 'BENCH-PROBE';
const probePassword = 'bench-probe-password';
const AGREE_WITHIN_MS = 60_000;

const run = async (): Promise<number> => {
  const { stations, minutes, sampleSec, rate } = fleetBenchOptions();
  exitOnSignals();
  const folder = temporaryFolder('wattstream-bench-');
  const problems: string[] = [];
  const bootedAt = performance.now();
  const stack = await startLocal({
    assembly: await synthesize(join('.wattstream', 'bench')),
    folder,
    log: (source, line) => source === 'local' && problems.push(line),
  });
  try {
    Object.assign(process.env, stack.environment);
    const output = (name: string): string => String(stack.outputs[name]);
    const tables = {
      stations: output('StationsTable'),
      credentials: output('CredentialsTable'),
      tags: output('TagsTable'),
      tariffs: output('TariffsTable'),
      stream: output('OcppStream'),
    };
    const credentials = join(folder, 'credentials.json');
    const network = demoNetwork({ stations, seed: 'demo' });
    await seedDemoNetwork(network, tables, credentials);
    await registerBenched(stack, [{ stationId: probeId, password: probePassword, connectors: ['1:CCS:50'] }]);
    const bootMs = performance.now() - bootedAt;
    const fleet = fleetProcess([
      ...['--url', stack.endpoints.ocpp, '--credentials', credentials, '--stations', String(stations)],
      ...['--sample-sec', String(sampleSec), '--rate', String(rate)],
    ]);
    try {
      const probe = await visibilityProbe(graphql(stack), {
        url: stack.endpoints.ocpp,
        stationId: probeId,
        password: probePassword,
      });
      let mostMb = 0;
      let mostConnected = 0;
      const until = performance.now() + minutes * 60_000;
      while (performance.now() < until) {
        await sleep(Math.min(5000, Math.max(0, until - performance.now())));
        mostMb = Math.max(mostMb, treeMemoryMb(process.pid, [fleet.pid]));
        mostConnected = Math.max(mostConnected, fleet.status()?.connected ?? 0);
        const { connected, charging, powerKw, sent, p50Ms, p99Ms } = fleet.status() ?? {};
        console.error(
          JSON.stringify({
            connected,
            charging,
            powerKw,
            sent,
            p50Ms,
            p99Ms,
            stackMb: mostMb,
            lagMs: stack.counts().lagMs,
          }),
        );
      }
      await probe.stop();
      const recorded = await fleet.quiesce();
      const different = await compareFleet(
        stack,
        network.sites.map(({ siteId }) => siteId),
        recorded.stations,
        AGREE_WITHIN_MS,
      );
      const { sent, answered, refused, timedOut, cut, retried, abandoned, p50Ms, p99Ms, maxMs, failures } =
        recorded.traffic;
      const pending = recorded.stations.reduce((sum, station) => sum + station.pending, 0);
      const unanswered = sent - answered - refused - cut;
      const ended = recorded.stations.reduce((sum, { transactions }) => sum + transactions.length, 0);
      printTable([
        [
          'stations, connectors',
          `${stations}, ${recorded.stations.reduce((sum, { connectors }) => sum + connectors.length, 0)}`,
        ],
        ['most connected at once', mostConnected],
        ['minutes', minutes],
        ['boot and registration, s', (bootMs / 1000).toFixed(1)],
        ['messages, messages/s', `${sent}, ${(sent / minutes / 60).toFixed(1)}`],
        ['answer latency p50 / p99 / max, ms', `${p50Ms} / ${p99Ms} / ${maxMs}`],
        [
          'message to visible in GraphQL p50 / p95, ms',
          `${quantile(probe.samplesMs, 0.5).toFixed(0)} / ${quantile(probe.samplesMs, 0.95).toFixed(0)} (${probe.samplesMs.length} samples)`,
        ],
        ['stack memory at most, MB (all its processes)', mostMb],
        ['fleet memory, MB', fleet.status()?.rssMb ?? 0],
        ['cut by a lost connection, sent again', `${cut}, ${retried}`],
        ['refused', refused],
        ['unanswered', unanswered],
        ['timed out', timedOut],
        ['lost (given up or still pending)', abandoned + pending],
        ['sessions ended and compared', ended],
        ['differences between stations and stack', different.length],
        ['problems inside the local runtime', problems.length],
      ]);
      if (Object.keys(failures).length > 0) console.log(JSON.stringify(failures));
      for (const line of [...different.slice(0, 20), ...new Set(problems)]) console.log(`  ${line}`);
      return unanswered + timedOut + abandoned + pending + refused + different.length > 0 ? 1 : 0;
    } finally {
      fleet.stop();
    }
  } finally {
    await stack.stop();
  }
};

await runBench(run);
