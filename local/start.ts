#!/usr/bin/env node
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoNetwork } from '../simulator/demo-network.ts';
import { checkMachine } from './check-machine.ts';
import { startFleet } from './fleet-process.ts';
import { interrupts } from './interrupts.ts';
import { LocalProblem } from './local-problem.ts';
import { localSystem } from './local-system.ts';
import { type Options, readOptions, usage } from './options.ts';
import { runningNote } from './running-note.ts';
import { seedControlledSites } from './seed-controlled-sites.ts';
import { seedDemoNetwork } from './seed-demo-network.ts';
import { showStatus } from './show-status.ts';
import { type LocalStack, startLocal } from './stack/local-stack.ts';
import { UnsupportedTemplate } from './template/deployment.ts';
import { synthesize } from './template/synthesize.ts';

const folder = '.wattstream';
/** Simulated chargers send meter values this often when nobody says otherwise. */
const FLEET_SAMPLE_SEC = 30;
const note = runningNote(join(folder, 'local.json'));
const { stdout } = process;

const print = (line: string) => {
  if (stdout.isTTY) stdout.write('\r\x1b[K');
  stdout.write(`${line}\n`);
};

const printLog = (logs: boolean) => (source: string, line: string) => {
  // Problems of the runtime itself are always printed; what Lambdas print only with --logs.
  if (logs || source === 'local') print(`[${source}] ${line}`);
};

const output = (stack: LocalStack, name: string): string => {
  const value = stack.outputs[name];
  if (value === undefined) throw new Error(`The stack has no output ${name}`);
  return value;
};

const announce = (
  { endpoints, outputs, region }: LocalStack,
  { data, fleet, stations }: Options,
  credentialsFile: string,
  bootMs: number,
) => {
  print(`Wattstream is up after ${(bootMs / 1_000).toFixed(1)} s.

  OCPP      ${endpoints.ocpp}/{stationId}   (user: the station id; sub-protocols ocpp1.6, ocpp2.0.1, ocpp2.1)
  MQTT      ${endpoints.mqtt}   (topics ocpp/{stationId}/in and /out)
  GraphQL   ${endpoints.graphql}   (header x-api-key: ${endpoints.apiKey})
  Tokens    ${endpoints.tokens}   (npm run -s token -- --name NAME --role operator; header authorization)
  DynamoDB  ${endpoints.dynamodb}   (region ${region}, any credentials; tables ${outputs.StationsTable}, ...)

  ${
    fleet
      ? `${stations} simulated stations are connecting; their passwords are in ${credentialsFile}.`
      : 'No fleet: register a charger with npm run station -- add'
  }
  ${
    data === undefined
      ? 'The state is in memory and ends with this process; npm start -- --data DIR keeps it.'
      : `The state is kept in ${data}: the next start with it goes on from here.`
  }
  Ctrl-C stops everything.
`);
};

/** What stopping now leaves undone, and what becomes of it. */
const tellLeft = (stack: LocalStack, data: string | undefined): void => {
  const behind = Object.entries(stack.counts().sources).filter(([, { behindMs }]) => behindMs > 0);
  if (behind.length === 0) return;
  print(
    `Not worked off yet: ${behind.map(([source, { behindMs }]) => `${source} (${Math.ceil(behindMs / 1_000)} s)`).join(', ')}. ${
      data === undefined
        ? 'It is lost with the rest of the state, which was in memory.'
        : `The next start with --data ${data} goes on with it.`
    }`,
  );
};

/** Configures the sites of the demo network, and registers its stations, whose passwords go into a file. */
const seed = async (stack: LocalStack, stations: number, credentialsFile: string): Promise<void> => {
  const network = demoNetwork({ stations, seed: 'demo' });
  // Before its stations, so that whoever tells sites of their connectors knows from the first one which are controlled.
  await seedControlledSites(network, {
    sites: output(stack, 'SitesTable'),
    credentials: output(stack, 'CredentialsTable'),
    signals: output(stack, 'SignalStream'),
  });
  await seedDemoNetwork(
    network,
    {
      stations: output(stack, 'StationsTable'),
      credentials: output(stack, 'CredentialsTable'),
      tags: output(stack, 'TagsTable'),
      tariffs: output(stack, 'TariffsTable'),
      stream: output(stack, 'OcppStream'),
    },
    credentialsFile,
  );
};

/** Lets the demo network's chargers charge. Returns how to stop them. */
const letCharge = ({ endpoints }: LocalStack, { stations, logs }: Options, credentialsFile: string) => {
  const settings = { url: endpoints.ocpp, broker: endpoints.mqtt, credentialsFile, stations };
  const fleet = startFleet(settings, printLog(logs));
  let stopping = false;
  fleet.ended.then((code) => {
    if (!stopping) print(`The fleet ended by itself (exit ${code}); the stack goes on without it.`);
  });
  return () => {
    stopping = true;
    return fleet.stop();
  };
};

const run = async (options: Options, stops: (() => Promise<void> | void)[], fail: (problem: LocalProblem) => void) => {
  const startedAt = localSystem.elapsedMs();
  const { data } = options;
  note.refuseSecond();
  await checkMachine([folder, ...(data === undefined ? [] : [data])], options.ports);
  if (data !== undefined) {
    const dataNote = runningNote(join(data, 'running.json'));
    dataNote.refuseSecond();
    stops.push(dataNote.leave());
  }
  // At once: another start meanwhile would use the same files.
  stops.push(note.leave());
  const credentialsFile = join(data ?? folder, 'fleet-credentials.json');
  // It lists stations of an earlier stack, whose tables were in memory.
  if (data === undefined) rmSync(credentialsFile, { force: true });
  print('Synthesizing the CDK app ...');
  // The local Timestream is in memory; windows in DynamoDB are kept like everything else.
  const assembly = synthesize(folder, {
    windowStore: data === undefined ? 'timestream' : 'dynamodb',
    meterIntervalSeconds: String(FLEET_SAMPLE_SEC),
    ...(options.openAdr && { openAdr: 'on' }),
  }).then((made) => {
    print('Starting the stack ...');
    return made;
  });
  const stack = await startLocal({
    assembly,
    folder,
    dataFolder: data,
    ports: options.ports,
    log: printLog(options.logs),
  });
  stops.push(stack.stop, () => tellLeft(stack, data));
  stack.broken.then(fail);
  Object.assign(process.env, stack.environment);
  const { endpoints, environment, outputs, region } = stack;
  note.leave({ endpoints, region, environment, outputs });
  if (options.fleet) await seed(stack, options.stations, credentialsFile);
  announce(stack, options, credentialsFile, localSystem.elapsedMs() - startedAt);
  stops.push(
    showStatus(stack, { connectors: output(stack, 'ConnectorsTable'), sites: output(stack, 'SitesTable') }, print),
  );
  if (options.fleet) stops.push(letCharge(stack, options, credentialsFile));
};

const explain = (error: unknown): string => {
  if (error instanceof LocalProblem) return `${error.message}.\n${error.fix}`;
  if (error instanceof UnsupportedTemplate) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const main = async () => {
  const stops: (() => Promise<void> | void)[] = [];
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const onSignal = interrupts(
    localSystem.elapsedMs,
    () => {
      print('Stopping ... (again to force)');
      interrupt();
    },
    // Children are killed by their own 'exit' listeners.
    () => process.exit(130),
  );
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) return print(usage);
    const fail = (problem: LocalProblem) => {
      print(explain(problem));
      process.exitCode = 1;
      interrupt();
    };
    // Interrupted while it starts, it is ended as it stands: its children end with it, and what is kept is kept at any time.
    await Promise.race([run(options, stops, fail), interrupted]);
    await interrupted;
  } catch (error) {
    print(explain(error));
    process.exitCode = 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
  process.exit();
};

await main();
