import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { tableStreamReader } from '../../local/dynamodb/table-stream-reader.ts';
import { awsJsonCall } from '../../local/http/aws-json-call.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import { createTable, localClient } from './dynamodb-local.ts';

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => Buffer.concat(await Array.fromAsync(incoming));

/** What a service says instead of doing what it was asked. */
export type Fault = (call: { readonly operation: string; readonly body: string }) => FaultAnswer | undefined;
export type FaultAnswer = { readonly status: number; readonly body: string } | 'hang';

/** DynamoDB's own way to say an error. */
export const dynamodbError = (name: string, status = 400): FaultAnswer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name }),
});

/**
 * The deployed functions themselves, as Lambda loads them: with their environment, in front of DynamoDB Local and of an S3,
 * an EventBridge and an SNS that keep what they are given. `faults` makes a service misbehave. One per test file.
 */
export const wiredLambdas = async (endpoint: string) => {
  const database = new URL(endpoint);
  const faults: { dynamodb?: Fault | undefined; s3?: Fault | undefined; events?: Fault | undefined } & {
    sns?: Fault | undefined;
  } = {};
  const calls: string[] = [];
  const parked: { key: string; record: { reason: string; data: string; partitionKey: string } }[] = [];
  const published: { DetailType: string; Detail: string }[] = [];
  const notified: string[] = [];

  const server = createServer(async (incoming, answer) => {
    const body = await bodyOf(incoming);
    const text = body.toString();
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const service = /^DynamoDB/.test(target) ? 'dynamodb' : /^AWSEvents/.test(target) ? 'events' : undefined;
    const place = service ?? (incoming.method === 'PUT' ? 's3' : 'sns');
    const operation = target.split('.').at(-1) ?? '';
    calls.push(`${place} ${operation}`);
    const fault = faults[place]?.({ operation, body: text });
    if (fault === 'hang') return;
    if (fault !== undefined) {
      answer.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(fault.body);
      return;
    }
    if (place === 'dynamodb') {
      const { host: _, ...headers } = incoming.headers;
      const forwarded = request({ host: database.hostname, port: database.port, method: 'POST', headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      });
      forwarded.end(body);
      return;
    }
    if (place === 's3') {
      parked.push({ key: decodeURIComponent(incoming.url ?? ''), record: JSON.parse(text) });
      answer.end();
      return;
    }
    if (place === 'events') {
      const entries: { DetailType: string; Detail: string }[] = JSON.parse(text).Entries;
      published.push(...entries);
      answer.end(
        JSON.stringify({ FailedEntryCount: 0, Entries: entries.map((_, index) => ({ EventId: `${index}` })) }),
      );
      return;
    }
    notified.push(new URLSearchParams(text).get('Subject') ?? '');
    answer.end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const client = localClient(endpoint);
  const names = [
    'stations',
    'connectors',
    'sessions',
    'timeline',
    'windows',
    'alerts',
    'settings',
    'sites',
    'grid',
    'tariffs',
    'commands',
  ] as const;
  const tables = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await createTable(client, name)] as const)),
  ) as Record<(typeof names)[number], string>;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    STATIONS_TABLE: tables.stations,
    CONNECTORS_TABLE: tables.connectors,
    SESSIONS_TABLE: tables.sessions,
    TIMELINE_TABLE: tables.timeline,
    ALERTS_TABLE: tables.alerts,
    SETTINGS_TABLE: tables.settings,
    SITES_TABLE: tables.sites,
    GRID_TABLE: tables.grid,
    SIGNAL_STREAM: 'signals',
    TARIFFS_TABLE: tables.tariffs,
    COMMANDS_TABLE: tables.commands,
    OCPP_STREAM: 'ocpp',
    STAGE: 'dev',
    METRICS: 'no',
    SEGMENTS: '2',
    WINDOW_STORE: `dynamodb:${tables.windows}`,
    PARKED_BUCKET: 'parked',
    EVENT_BUS: 'bus',
    ALERT_TOPIC: 'arn:aws:sns:local:000000000000:alerts',
    STREAM_EPOCH: '1',
    WAKE_QUEUE: `http://127.0.0.1:${port}/000000000000/wake-ups`,
  });
  const functions = {
    projectState: (await import('../../lambdas/project-state/handler.ts')).handler,
    recordHistory: (await import('../../lambdas/record-history/handler.ts')).handler,
    publishChanges: (await import('../../lambdas/publish-changes/handler.ts')).handler,
    announceAlerts: (await import('../../lambdas/announce-alerts/handler.ts')).handler,
  };
  const { segment } = await import('../../lambdas/sweep-fleet/handler.ts');
  type Name = keyof typeof functions;
  type Response = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
  // Middy looks at little of the context, and the types of the events differ from function to function.
  const invoke = async (name: Name, Records: readonly unknown[]): Promise<readonly string[]> => {
    const handler = functions[name] as unknown as (event: unknown, context: Partial<Context>) => Promise<Response>;
    const { batchItemFailures } = await handler({ Records }, { awsRequestId: 'test' });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };

  let sequence = 0;
  const account = { region: 'local', accountId: '000000000000' };
  const caller = awsJsonCall(Number(database.port), 'dynamodb', 'local');
  return {
    client,
    tables,
    faults,
    calls,
    parked,
    published,
    notified,
    invoke,
    /** Sweeps a segment of the fleet, with no part of the sweep. */
    sweepSegment: async (index: number, scheduledAt: number): Promise<void> => {
      const task = { segment: { index, total: 2 }, scheduledAt, orders: {} };
      await (segment as unknown as (event: unknown, context: Partial<Context>) => Promise<unknown>)(task, {
        awsRequestId: 'test',
      });
    },
    /** A record of the stream "ocpp" with an envelope, or with any text. */
    kinesisRecord: (envelope: Envelope | string) => {
      sequence += 1;
      const data = typeof envelope === 'string' ? envelope : JSON.stringify(envelope);
      const partitionKey = typeof envelope === 'string' ? 'unknown' : envelope.stationId;
      return {
        eventID: `shardId-000000000000:${sequence}`,
        eventSourceARN: 'arn:aws:kinesis:local:000000000000:stream/ocpp',
        kinesis: { partitionKey, sequenceNumber: String(sequence), data: Buffer.from(data).toString('base64') },
      };
    },
    /** Everything the change stream of a table tells, from its beginning. */
    changesOf: async (name: 'stations' | 'connectors' | 'alerts'): Promise<readonly unknown[]> => {
      const arn = `arn:aws:dynamodb:local:000000000000:table/${tables[name]}/stream/x`;
      const reader = await tableStreamReader(caller.call, arn, account as never);
      const records: unknown[] = [];
      for (const { shardId } of await reader.shards()) {
        let iterator: string | undefined = await reader.iterator(shardId, undefined);
        for (let empty = 0; iterator !== undefined && empty < 3; ) {
          const page: { next?: string | undefined; records: readonly { event: unknown }[] } = await reader.read(
            iterator,
            shardId,
            1_000,
          );
          records.push(...page.records.map(({ event }) => event));
          empty = page.records.length === 0 ? empty + 1 : 0;
          iterator = page.next;
        }
      }
      return records;
    },
    stop: async (): Promise<void> => {
      caller.close();
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type WiredLambdas = Awaited<ReturnType<typeof wiredLambdas>>;
