import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { z } from 'zod';
import { credentialOf } from '../aws/credential.ts';
import { credentialStore } from '../aws/credential-store.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { siteConfigurations } from '../aws/sites/site-store.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { defaultConfiguration } from '../domain/site/site-configuration.ts';
import type { StoreRequest } from '../local/faults/fault-proxy.ts';
import { type LocalStack, startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { system } from '../runtime/system.ts';
import type { Arrival } from './commands/arrivals.ts';
import { connectStations } from './commands/connect-stations.ts';
import { quantile } from './quantile.ts';

/**
 * From a reading of a building's meter, published over MQTT, to SetChargingProfile at a charger: the load of the building rises
 * reading by reading, so that each one makes somebody give. Streams are read as AWS documents it: asked for once a second, or
 * pushed after 70 ms with enhanced fan-out, as prod has it (dev: `--polled`). Fails with fan-out where p50 is not below
 * 250 ms or p99 not below a second.
 */
const usage = `Usage: npm run bench:setpoint-latency -- [--polled] [--samples 100] [--json]
How long it takes from a meter reading over MQTT to SetChargingProfile at a charger, stage by stage of the way.
  --polled       without enhanced fan-out, as dev is deployed; otherwise with it, as prod is
  --samples N    readings, one every two seconds
  --json         one JSON object`;

const values = programOptions(usage, {
  polled: { type: 'flag' },
  samples: { type: 'number', otherwise: 100, from: 5 },
  json: { type: 'flag' },
});
const path = values.polled ? 'polled' : 'pushed';

const P50_MS = 250;
const P99_MS = 1_000;
const CARS = 10;
const SITE = 'bench';
const METER = { clientId: `site:${SITE}`, password: 'bench-meter-password' };
const TAG = 'BENCH';
const RATED_W = 22_000;
const LEAST_W = 4_140;
const LIMIT_W = CARS * RATED_W;
/** Of all that can be given, from all cars at their most to all at their least, each reading takes a part. */
const stepW = Math.floor((CARS * (RATED_W - LEAST_W)) / (values.samples + 5));
const GIVE_UP_MS = 15_000;
/** Cars get their first limits, and stations their default profiles. */
const SETTLE_MS = 8_000;

/** Instants on the way of one reading, ms since the epoch. */
type Way = { readonly toldAt: number } & {
  /** On the stream; handed to the function; its decision goes to the table; its command goes to the mailbox; at the charger. */
  onStreamAt?: number;
  handedAt?: number;
  decidedAt?: number;
  queuedAt?: number;
  arrivedAt?: number;
};

const now = (): number => performance.timeOrigin + performance.now();

let way: Way = { toldAt: Number.POSITIVE_INFINITY };
const arrived = Promise.withResolvers<void>();
let wake = arrived.resolve;

const Accepted = z.object({ idTagInfo: z.object({ status: z.literal('Accepted') }) });
const Profile = z.object({ csChargingProfiles: z.object({ chargingProfilePurpose: z.literal('TxProfile') }) });
const heard = ({ action, payload }: Arrival): void => {
  if (action !== 'SetChargingProfile' || !Profile.safeParse(payload).success || way.decidedAt === undefined) return;
  way.arrivedAt ??= now();
  wake();
};

const handedOver = (functionName: string, oldestArrivedAt: number): void => {
  if (!functionName.includes('AllocateSite') || oldestArrivedAt < Math.floor(way.toldAt) || way.handedAt !== undefined)
    return;
  way.onStreamAt = oldestArrivedAt;
  way.handedAt = now();
};

const tables = { sites: '', commands: '' };
const requested = ({ operation, body }: StoreRequest): void => {
  if (way.handedAt === undefined) return;
  if (operation === 'PutItem' && body.includes(`"${tables.sites}"`)) way.decidedAt ??= now();
  const isMailbox = operation === 'PutItem' || operation === 'TransactWriteItems';
  if (isMailbox && way.decidedAt !== undefined && body.includes(`"${tables.commands}"`)) way.queuedAt ??= now();
};

const control = async (stack: LocalStack): Promise<void> => {
  const credentials = credentialStore(String(stack.outputs.CredentialsTable));
  await credentials.put(METER.clientId, await credentialOf(METER.password, 16));
  const configured = siteConfigurations(tables.sites, system);
  await configured.put({ ...defaultConfiguration, siteId: SITE, revision: 1, controlled: true, limitW: LIMIT_W });
  const stream = siteStream(String(stack.outputs.SignalStream), system);
  await stream.put([{ kind: 'site-configured', siteId: SITE, receivedAt: Date.now() }]);
};

const measure = async (stack: LocalStack): Promise<readonly Way[]> => {
  // Who tells sites of their connectors looks once a minute which sites are controlled: it must know before cars come.
  await control(stack);
  const { lines, close } = await connectStations(stack, CARS, heard);
  const { searchParams } = new URL(stack.endpoints.mqtt);
  const meter = await connectAsync(stack.endpoints.mqtt, {
    clientId: METER.clientId,
    username: `${METER.clientId}?${searchParams}`,
    password: METER.password,
  });
  let loadW = 0;
  const tell = async (): Promise<void> => {
    const reading = { version: 1, time: new Date().toISOString(), powerW: loadW, evPowerW: 0 };
    await meter.publishAsync(`signals/${SITE}/demand`, JSON.stringify(reading));
  };
  await tell();
  await tagList(String(stack.outputs.TagsTable)).put({ tag: TAG, status: 'Accepted', maxSessions: CARS });
  for (const line of lines) {
    const start = { connectorId: 1, idTag: TAG, meterStart: 1, timestamp: new Date().toISOString() };
    Accepted.parse(await line.call('StartTransaction', start));
  }
  await sleep(SETTLE_MS);
  const ways: Way[] = [];
  for (let sample = 0; sample < values.samples; sample += 1) {
    loadW += stepW;
    const done = Promise.withResolvers<void>();
    wake = done.resolve;
    way = { toldAt: now() };
    await tell();
    await Promise.race([done.promise, sleep(GIVE_UP_MS)]);
    ways.push(way);
    way = { toldAt: Number.POSITIVE_INFINITY };
    await sleep(1_500 + Math.random() * 1_000);
  }
  await meter.endAsync();
  await close();
  return ways;
};

const stages = [
  ['MQTT to the stream', 'toldAt', 'onStreamAt'],
  ['wait for the event source', 'onStreamAt', 'handedAt'],
  ['fold and allocate', 'handedAt', 'decidedAt'],
  ['decision written', 'decidedAt', 'queuedAt'],
  ['mailbox to the charger', 'queuedAt', 'arrivedAt'],
  ['reading to SetChargingProfile', 'toldAt', 'arrivedAt'],
] as const;

exitOnSignals();
const stack = await startLocal({
  assembly: await synthesize(join('.wattstream', `bench-${path}`), {
    windowStore: 'timestream',
    ...(!values.polled && { signalFanOut: 'on' }),
  }),
  folder: temporaryFolder('wattstream-bench-'),
  polling: 'documented',
  faults: true,
  handedOver,
  requested,
});
try {
  Object.assign(process.env, stack.environment);
  Object.assign(tables, { sites: stack.outputs.SitesTable, commands: stack.outputs.CommandsTable });
  const ways = await measure(stack);
  const answered = ways.filter(({ arrivedAt }) => arrivedAt !== undefined);
  const rows = stages.map(([name, from, to]) => {
    const tookMs = answered.flatMap((one) => {
      const [begun, ended] = [one[from], one[to]];
      return begun === undefined || ended === undefined ? [] : [ended - begun];
    });
    const ms = (share: number): number => Math.round(quantile(tookMs, share));
    return { name, p50Ms: ms(0.5), p95Ms: ms(0.95), p99Ms: ms(0.99) };
  });
  const [whole] = rows.slice(-1);
  const summary = { path, readings: ways.length, answered: answered.length, rows };
  if (values.json) console.log(JSON.stringify(summary, null, 2));
  else {
    console.log(`${path}: ${answered.length} of ${ways.length} readings led to a SetChargingProfile`);
    console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
  }
  const isQuick = whole !== undefined && whole.p50Ms < P50_MS && whole.p99Ms < P99_MS;
  process.exitCode = answered.length === ways.length && (isQuick || values.polled) ? 0 : 1;
} finally {
  await stack.stop();
}
