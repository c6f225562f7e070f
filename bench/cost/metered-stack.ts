import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { credentialStore } from '../../aws/credential-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { importStations } from '../../cli/station/register-station.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type TableName, type TableShape, tableNames, tableShapes } from '../../lib/stores/tables.ts';
import { tableStreamReader } from '../../local/dynamodb/table-stream-reader.ts';
import type { StreamRecord } from '../../local/lambda/event-sources/shard-poller.ts';
import type { Item } from './item-size.ts';
import type { MeteredServices } from './metered-services.ts';
import { passUntil } from './simulated-date.ts';
import type { Meter } from './usage.ts';
import { type Act, workload } from './workload.ts';

const createTable = async (client: DynamoDBClient, name: TableName): Promise<void> => {
  const shape: TableShape = tableShapes[name];
  const indexes = Object.entries(shape.indexes ?? {});
  const keys = [shape.key, ...(shape.sort ? [shape.sort] : []), ...indexes.flatMap(([, pair]) => pair)];
  const schema = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(shape.key.name, shape.sort?.name),
      AttributeDefinitions: [...new Map(keys.map((key) => [key.name, key.type]))].map(
        ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }),
      ),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(([IndexName, [hash, range]]) => ({
          IndexName,
          KeySchema: schema(hash.name, range.name),
          Projection: { ProjectionType: shape.projection === 'ALL' ? ('ALL' as const) : ('KEYS_ONLY' as const) },
        })),
      }),
      ...(shape.changes && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    }),
  );
};

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

/** Who follows which table's changes. */
const followers = {
  stations: ['record-history', 'publish-changes'],
  connectors: ['record-history', 'publish-changes'],
  alerts: ['publish-changes', 'announce-alerts'],
  commands: ['relay-commands'],
  grid: ['publish-changes'],
} as const satisfies Partial<Record<TableName, readonly FunctionName[]>>;
type Followed = keyof typeof followers;

const passwordOf = (stationId: string): string => `password-of-${stationId}`;

type Due = { readonly at: number; readonly body: string };
type Connected = { connectionId: string; connectedAt: number; transactions: Map<number, number> };

/**
 * The stack of the deployed functions on metered services, with chargers in front and a clock of its own: a day passes as fast
 * as it can be worked off. `windowStore` is WINDOW_STORE.
 */
export const meteredStack = async (services: MeteredServices, meter: Meter, windowStore: string) => {
  Object.assign(process.env, environment(services.endpoint, windowStore));
  const functions = await loadFunctions();
  const client = new DynamoDBClient({});
  for (const name of tableNames) await createTable(client, name);
  const readers = new Map(
    await Promise.all(
      Object.keys(followers).map(async (table) => {
        const arn = `arn:aws:dynamodb:local:000000000000:table/${table}/stream/x`;
        const reader = await tableStreamReader(services.unmetered, arn, {
          region: 'local',
          accountId: '000000000000',
        } as never);
        return [table as Followed, { reader, iterators: new Map<string, string | undefined>() }] as const;
      }),
    ),
  );

  const lines = new Map<string, Connected>();
  const { handed } = services;
  /** Custom metrics, which are written as lines of the log. */
  const metrics = new Set<string>();
  let dues: Due[] = [];
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  /** Runs a function on an event, with what it writes to its log counted. */
  const invoke = async (name: FunctionName, event: object, records = 1): Promise<unknown> => {
    const handler = functions[name] as unknown as (event: object, context: Partial<Context>) => Promise<unknown>;
    const written = (line: unknown): true => {
      // Lambda wraps each line with its time, level and request: about 120 bytes.
      meter.count('logGb', 'lines', (Buffer.byteLength(String(line)) + 120) / 1e9);
      for (const [, metric] of String(line).matchAll(/\{"Name":"(\w+)"/g)) metrics.add(String(metric));
      return true;
    };
    const outputs = [process.stdout, process.stderr].map((output) => ({ output, write: output.write }));
    for (const { output } of outputs) output.write = written;
    meter.attribute(name);
    meter.count('invocation', '', 1);
    meter.count('records', '', records);
    try {
      return await handler(event, { awsRequestId: 'bench' });
    } finally {
      for (const { output, write } of outputs) output.write = write;
      meter.attribute('bench');
    }
  };

  const changesOf = async (table: Followed): Promise<readonly StreamRecord[]> => {
    const followed = readers.get(table);
    if (followed === undefined) throw new Error(`Nobody reads the changes of ${table}`);
    const { reader, iterators } = followed;
    if (iterators.size === 0)
      for (const { shardId } of await reader.shards())
        iterators.set(shardId, await reader.iterator(shardId, undefined));
    const found: StreamRecord[] = [];
    for (const [shardId, iterator] of iterators) {
      if (iterator === undefined) throw new Error(`The changes of ${table} go on in another shard`);
      const page = await reader.read(iterator, shardId, 1_000);
      iterators.set(shardId, page.next);
      found.push(...page.records);
    }
    return found;
  };

  /** What the stream holds goes to the projector; one record at a time, as in a network that is not in step. */
  const project = async (): Promise<boolean> => {
    const records = handed.records.splice(0).filter(({ stream }) => stream === 'ocpp');
    for (const { partitionKey, data } of records) {
      const sequenceNumber = String(next()).padStart(20, '0');
      const record = {
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventSourceARN: 'arn:aws:kinesis:local:000000000000:stream/ocpp',
        kinesis: { partitionKey, sequenceNumber, data },
      };
      await invoke('project-state', { Records: [record] });
    }
    return records.length > 0;
  };

  const follow = async (): Promise<boolean> => {
    let any = false;
    const written = services.writtenTables();
    for (const [table, names] of Object.entries(followers) as [Followed, readonly FunctionName[]][]) {
      if (!written.has(table)) continue;
      const changes = await changesOf(table);
      if (changes.length === 0) continue;
      any = true;
      for (const name of names) await invoke(name, { Records: changes.map(({ event }) => event) }, changes.length);
    }
    return any;
  };

  const socket = (stationId: string, { connectionId, connectedAt }: Connected) => ({
    connectionId,
    connectedAt,
    authorizer: { stationId, verdict: 'known', ocpp: '1.6', admission: 'accepted' },
  });

  /** A frame from a charger: it and its answer are messages. */
  const say = async (stationId: string, frame: unknown): Promise<readonly unknown[]> => {
    const line = lines.get(stationId);
    if (line === undefined) throw new Error(`${stationId} is not connected`);
    const event = { requestContext: socket(stationId, line), body: JSON.stringify(frame) };
    const { body } = (await invoke('answer-ocpp', event)) as { readonly body?: string };
    meter.attribute('gateway');
    meter.count('socketMessage', 'from chargers', 1);
    meter.count('accessLog', '', 1);
    if (body === undefined) return [];
    meter.count('socketMessage', 'answers', 1);
    return JSON.parse(body);
  };

  const answerCommands = async (): Promise<boolean> => {
    const frames = handed.frames.splice(0);
    for (const { connectionId, text } of frames) {
      const [stationId] = [...lines].find(([, line]) => line.connectionId === connectionId) ?? [];
      let call: readonly unknown[] = JSON.parse(text);
      // The next call may come as the answer to this one.
      while (stationId !== undefined && call[0] === 2)
        call = await say(stationId, [3, call[1], { status: 'Accepted' }]);
    }
    return frames.length > 0;
  };

  const settle = async (): Promise<void> => {
    for (let busy = true; busy; ) {
      const steps = [await answerCommands(), await project(), await follow()];
      const now = Date.now();
      dues.push(...handed.wakeUps.splice(0).map(({ body, delayMs }) => ({ at: now + delayMs, body })));
      handed.events.length = 0;
      busy = steps.includes(true);
    }
  };

  const open = async (stationId: string): Promise<void> => {
    const line = {
      connectionId: `c${next()}`,
      connectedAt: Date.now(),
      transactions: lines.get(stationId)?.transactions ?? new Map(),
    };
    const basic = Buffer.from(`${stationId}:${passwordOf(stationId)}`).toString('base64');
    const headers = {
      'x-wattstream-station': stationId,
      Authorization: `Basic ${basic}`,
      'Sec-WebSocket-Protocol': 'ocpp1.6',
    };
    const methodArn = 'arn:aws:execute-api:local:000000000000:api/live/$connect';
    await invoke('authorize-station', { headers, methodArn });
    await invoke('track-connect', { requestContext: socket(stationId, line) });
    meter.attribute('gateway');
    meter.count('edgeFunction', '', 1);
    meter.count('edgeRequest', '', 1);
    meter.count('accessLog', '', 2);
    lines.set(stationId, line);
  };

  const act = async (one: Act): Promise<void> => {
    const { stationId, at } = one;
    const line = lines.get(stationId);
    const timestamp = new Date(at).toISOString();
    const call = (action: string, payload: object) => say(stationId, [2, `m${next()}`, action, payload]);
    switch (one.kind) {
      case 'open':
        return open(stationId);
      case 'close':
        if (line === undefined) return;
        await invoke('track-disconnect', { requestContext: socket(stationId, line) });
        return;
      case 'call':
        await call(one.action, one.payload);
        return;
      case 'start': {
        const { connectorId, tag: idTag, registerWh: meterStart } = one;
        const [, , answer] = await call('StartTransaction', { connectorId, idTag, meterStart, timestamp });
        line?.transactions.set(connectorId, (answer as { readonly transactionId: number }).transactionId);
        return;
      }
      case 'sample': {
        const { connectorId, registerWh } = one;
        const sampledValue = [
          { measurand: 'Energy.Active.Import.Register', unit: 'Wh', value: String(registerWh) },
          { measurand: 'Power.Active.Import', unit: 'W', value: String(7_380 + (registerWh % 41)) },
          { measurand: 'Current.Import', unit: 'A', value: (32 + (registerWh % 7) / 10).toFixed(1) },
          { measurand: 'Voltage', unit: 'V', value: (229 + (registerWh % 23) / 10).toFixed(1) },
        ];
        const transactionId = line?.transactions.get(connectorId);
        await call('MeterValues', { connectorId, transactionId, meterValue: [{ timestamp, sampledValue }] });
        return;
      }
      case 'stop': {
        const { connectorId, registerWh: meterStop } = one;
        const transactionId = line?.transactions.get(connectorId);
        await call('StopTransaction', { transactionId, meterStop, timestamp, reason: 'Local' });
        return;
      }
      case 'command': {
        const payload = {
          connectorId: 1,
          csChargingProfiles: {
            chargingProfileId: 1,
            stackLevel: 0,
            chargingProfilePurpose: 'TxDefaultProfile',
            chargingProfileKind: 'Relative',
            chargingSchedule: {
              chargingRateUnit: 'W',
              chargingSchedulePeriod: [{ startPeriod: 0, limit: one.limitW }],
            },
          },
        };
        const detail = {
          version: 1,
          id: `r${next()}`,
          time: timestamp,
          stationId,
          action: 'SetChargingProfile',
          payload,
        };
        const event = { source: 'bench', account: '000000000000', 'detail-type': 'CommandRequested', detail };
        meter.attribute('bus');
        meter.count('event', 'CommandRequested', 1);
        await invoke('accept-requests', event);
      }
    }
  };

  const wake = async (until: number): Promise<void> => {
    const due = dues.filter(({ at }) => at <= until);
    dues = dues.filter(({ at }) => at > until);
    for (const { at, body } of due) {
      passUntil(at);
      await invoke('wake-mailboxes', { Records: [{ messageId: `${next()}`, body }] });
      await settle();
    }
  };

  return {
    /** Registers chargers with their drivers' tags. */
    register: async (stationIds: readonly string[]): Promise<void> => {
      const db = documentClient();
      const tags = tagList('tags', db);
      const entries = stationIds.map((stationId, index) => ({
        stationId,
        password: passwordOf(stationId),
        siteId: `site-${Math.floor(index / workload.stationsPerSite)}`,
        zoneId: 'zone-1',
        region: 'north',
        timeZone: 'Europe/London',
        vendor: 'Vendor',
        model: 'Model 22',
        ocpp: '1.6',
        connectors: Array.from({ length: workload.connectors }, (_, one) => `${one + 1}:Type2:22`),
      }));
      await importStations(entries, {
        registry: stationRegistry('stations', { clock: Date.now } as never, db),
        credentials: credentialStore('credentials', db),
        stream: ocppStream('ocpp'),
        now: Date.now,
        scryptCost: 16,
      });
      for (const stationId of stationIds)
        for (let connectorId = 1; connectorId <= workload.connectors; connectorId++)
          await tags.put({ tag: `TAG-${stationId}-${connectorId}`, status: 'Accepted' });
      await settle();
    },
    /** Lives through acts in order of time, with the work of every minute between them when it is asked for. */
    live: async (acts: readonly Act[], fromAt: number, toAt: number, swept: boolean): Promise<void> => {
      const minutes = swept
        ? Array.from({ length: (toAt - fromAt) / MINUTE_MS }, (_, index) => fromAt + index * MINUTE_MS)
        : [];
      const sweeps = minutes.map((at) => ({ at, sweep: true as const }));
      const steps = [...acts.map((one) => ({ at: one.at, act: one })), ...sweeps].toSorted((a, b) => a.at - b.at);
      for (const step of steps) {
        await wake(step.at);
        passUntil(step.at);
        if ('act' in step) await act(step.act);
        else await invoke('sweep-fleet', { time: new Date(step.at).toISOString() });
        await settle();
      }
    },
    /** Every item of a table, by its attributes. */
    items: async (table: TableName): Promise<readonly Item[]> => {
      const found: Item[] = [];
      let ExclusiveStartKey: unknown;
      do {
        const page = await services.unmetered('DynamoDB_20120810.Scan', { TableName: table, ExclusiveStartKey });
        found.push(...(page.Items as Item[]));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return found;
    },
    metrics,
    stop: (): void => {
      client.destroy();
    },
  };
};
