import type { Context } from 'aws-lambda';
import { tableNames } from '../../lib/stores/tables.ts';
import type { Handed, MeteredServices } from './metered-services.ts';
import type { Meter } from './usage.ts';
import { workload } from './workload.ts';

const environment = (endpoint: string, windowStore: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'local',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  ...Object.fromEntries(tableNames.map((name) => [`${name.toUpperCase()}_TABLE`, name])),
  OCPP_STREAM: 'ocpp',
  SIGNAL_STREAM: 'signals',
  SOCKETS_ENDPOINT: endpoint,
  UNKNOWN_TAGS: 'refuse',
  HEARTBEAT_INTERVAL_SEC: String(workload.heartbeatMs / 1000),
  STREAM_EPOCH: '1',
  PARKED_BUCKET: 'parked',
  EVENT_BUS: 'bus',
  ALERT_TOPIC: 'arn:aws:sns:local:000000000000:alerts',
  WAKE_QUEUE: `${endpoint}/000000000000/wake-ups`,
  WINDOW_STORE: windowStore,
  STAGE: 'dev',
  METRICS: 'yes',
  SEGMENTS: '4',
});

/** The deployed functions, as Lambda loads them: their modules read environment and clock when they are loaded. */
const loadFunctions = async () => {
  const answer = await import('../../lambdas/answer-ocpp/handler.ts');
  const track = await import('../../lambdas/track-connection/handler.ts');
  return {
    'authorize-station': (await import('../../lambdas/authorize-station/handler.ts')).handler,
    'track-connect': track.connect,
    'track-disconnect': track.disconnect,
    'answer-ocpp': answer.websocket,
    'project-state': (await import('../../lambdas/project-state/handler.ts')).handler,
    'record-history': (await import('../../lambdas/record-history/handler.ts')).handler,
    'publish-changes': (await import('../../lambdas/publish-changes/handler.ts')).handler,
    'announce-alerts': (await import('../../lambdas/announce-alerts/handler.ts')).handler,
    'relay-commands': (await import('../../lambdas/relay-commands/handler.ts')).handler,
    'wake-mailboxes': (await import('../../lambdas/wake-mailboxes/handler.ts')).handler,
    'accept-requests': (await import('../../lambdas/accept-requests/handler.ts')).handler,
    'sweep-fleet': (await import('../../lambdas/sweep-fleet/handler.ts')).handler,
  };
};
export type FunctionName = keyof Awaited<ReturnType<typeof loadFunctions>>;

/** Lambda wraps each line of a log with its time, level and request. */
const LINE_BYTES = 120;

/**
 * The deployed functions on metered services: what each invocation asks of them, writes to its log and takes of the CPU is
 * counted as its own. `windowStore` is WINDOW_STORE.
 */
export const deployedFunctions = async (services: MeteredServices, meter: Meter, windowStore: string) => {
  Object.assign(process.env, environment(services.endpoint, windowStore));
  const functions = await loadFunctions();
  const handed: Handed = { records: [], frames: [], wakeUps: [] };
  /** Custom metrics, which are written as lines of the log. */
  const metrics = new Set<string>();
  const written = new Set<string>();

  /** Counts what was asked of the services as usage of `user`. */
  const settleWith = async (user: string): Promise<void> => {
    const seen = await services.seen();
    meter.attribute(user);
    for (const [unit, on, amount] of seen.used) meter.count(unit, on, amount);
    meter.attribute('bench');
    handed.records.push(...seen.handed.records);
    handed.frames.push(...seen.handed.frames);
    handed.wakeUps.push(...seen.handed.wakeUps);
    for (const table of seen.written) written.add(table);
  };

  const logged = (line: unknown): true => {
    meter.count('logGb', 'lines', (Buffer.byteLength(String(line)) + LINE_BYTES) / 1e9);
    for (const [, metric] of String(line).matchAll(/\{"Name":"(\w+)"/g)) metrics.add(String(metric));
    return true;
  };

  return {
    invoke: async (name: FunctionName, event: object, records = 1): Promise<unknown> => {
      const handler = functions[name] as unknown as (event: object, context: Partial<Context>) => Promise<unknown>;
      const outputs = [process.stdout, process.stderr].map((output) => ({ output, write: output.write }));
      for (const { output } of outputs) output.write = logged;
      meter.attribute(name);
      meter.count('invocation', '', 1);
      meter.count('records', '', records);
      const before = process.cpuUsage();
      try {
        return await handler(event, { awsRequestId: 'bench' });
      } finally {
        const { user, system } = process.cpuUsage(before);
        meter.count('cpuMs', '', (user + system) / 1000);
        for (const { output, write } of outputs) output.write = write;
        await settleWith(name);
      }
    },
    /** Counts what the bench itself asked of the services apart. */
    settleOwn: () => settleWith('bench'),
    handed,
    /** Tables that were written since the last time it was asked. */
    writtenTables: (): ReadonlySet<string> => {
      const tables = new Set(written);
      written.clear();
      return tables;
    },
    metrics,
  };
};
