import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type HttpRequest,
  httpServer,
  jsonReply,
  listen,
  type Reply,
  ServiceError,
} from '../../local/http/http-server.ts';
import { type Handed, SEEN_PATH, type Seen } from './metered-services.ts';

/**
 * node bench/cost/services-process.ts DYNAMODB_PORT: the services of AWS behind the functions, metered. DynamoDB is AWS's own
 * DynamoDB Local, which says what each request consumes; all others keep what they are given. Prints its port.
 */
const dynamodbPort = Number(process.argv[2]);

const Units = z.object({
  CapacityUnits: z.number().default(0),
  TableName: z.string(),
  GlobalSecondaryIndexes: z.record(z.string(), z.object({ CapacityUnits: z.number() })).optional(),
});
const Consumed = z.object({ ConsumedCapacity: z.union([Units.transform((one) => [one]), z.array(Units)]).default([]) });

const reads = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const conditional = /ConditionalCheckFailed|TransactionCanceled/;
/** The least a read is billed, found or not. */
const LEAST_READ = 0.5;
const KIB = 1024;
/** DynamoDB Local verifies no signature, but wants to see one; the access key only names the database. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

let used = new Map<string, readonly [unit: string, on: string, amount: number]>();
const count = (unit: string, on: string, amount: number): void => {
  const name = `${unit}/${on}`;
  used.set(name, [unit, on, (used.get(name)?.[2] ?? 0) + amount]);
};
const written = new Set<string>();
const handed: Handed = { records: [], frames: [], wakeUps: [] };

/** A call of a service. Those that overlap wait together: a round. */
let open = 0;
const round = async (work: () => Promise<Reply>): Promise<Reply> => {
  count('calls', '', 1);
  if (open === 0) count('rounds', '', 1);
  open += 1;
  try {
    return await work();
  } finally {
    open -= 1;
  }
};

const dynamodb = async (target: string, body: string): Promise<Reply> => {
  const operation = target.split('.').at(-1) ?? '';
  const unit = reads.includes(operation) ? 'readUnit' : 'writeUnit';
  const input = { ...JSON.parse(body), ReturnConsumedCapacity: 'INDEXES' };
  const response = await fetch(`http://127.0.0.1:${dynamodbPort}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, authorization },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.ok)
    for (const { TableName, CapacityUnits } of Consumed.parse(JSON.parse(text)).ConsumedCapacity) {
      count(unit, TableName, unit === 'readUnit' ? Math.max(LEAST_READ, CapacityUnits) : CapacityUnits);
      if (unit === 'writeUnit') written.add(TableName);
    }
  // A condition that does not hold is billed like a write.
  else if (conditional.test(text)) count(unit, String(input.TableName ?? 'transaction'), 1);
  else throw new Error(`${operation} of ${input.TableName}: ${text}`);
  return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: text };
};

const answer = async ({ method, url, headers, body }: HttpRequest): Promise<Reply> => {
  const target = String(headers['x-amz-target'] ?? '');
  const text = body.toString();
  if (target.startsWith('DynamoDB_')) return dynamodb(target, text);
  const operation = target.split('.').at(-1) ?? '';
  switch (operation) {
    case 'PutRecord': {
      const { StreamName, PartitionKey, Data } = JSON.parse(text);
      count('putUnit', StreamName, Math.ceil((Data.length * 0.75) / (25 * KIB)));
      handed.records.push({ stream: StreamName, partitionKey: PartitionKey, data: Data });
      return jsonReply({ ShardId: 'shardId-000000000000', SequenceNumber: '1' });
    }
    case 'PutRecords': {
      const { StreamName, Records } = JSON.parse(text);
      for (const { PartitionKey, Data } of Records) {
        count('putUnit', StreamName, Math.ceil((Data.length * 0.75) / (25 * KIB)));
        handed.records.push({ stream: StreamName, partitionKey: PartitionKey, data: Data });
      }
      return jsonReply({ FailedRecordCount: 0, Records: Records.map(() => ({ ShardId: '0', SequenceNumber: '1' })) });
    }
    case 'PutEvents': {
      const { Entries } = JSON.parse(text);
      for (const { DetailType, Detail } of Entries) {
        const bytes = Buffer.byteLength(Detail) + DetailType.length + 100;
        count('event', DetailType, Math.ceil(bytes / (64 * KIB)));
        count('archivedGb', 'bus', bytes / 1e9);
      }
      return jsonReply({
        FailedEntryCount: 0,
        Entries: Entries.map((_: unknown, index: number) => ({ EventId: `${index}` })),
      });
    }
    case 'SendMessageBatch': {
      const { Entries } = JSON.parse(text);
      // Sent, received and deleted.
      count('queueRequest', 'wake-ups', 1 + 2 * Entries.length);
      for (const { MessageBody, DelaySeconds = 0 } of Entries)
        handed.wakeUps.push({ body: MessageBody, delayMs: 1000 * DelaySeconds });
      const sent = (entry: { readonly Id: string; readonly MessageBody: string }) => ({
        Id: entry.Id,
        MessageId: entry.Id,
        MD5OfMessageBody: createHash('md5').update(entry.MessageBody).digest('hex'),
      });
      return jsonReply({ Successful: Entries.map(sent), Failed: [] });
    }
    default:
      break;
  }
  if (/\/@connections\//.test(url.pathname)) {
    if (method === 'POST') {
      const connectionId = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
      count('socketMessage', 'calls of ours', Math.ceil(body.length / (32 * KIB)));
      handed.frames.push({ connectionId, text });
    }
    return { status: 200 };
  }
  if (url.searchParams.get('list-type') === '2') {
    count('objectListing', 'parked', 1);
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '<ListBucketResult></ListBucketResult>',
    };
  }
  if (/Action=Publish/.test(text)) {
    count('notification', 'alerts', 1);
    const body = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';
    return { status: 200, body };
  }
  throw new ServiceError('NotMetered', `${method} ${url.pathname} ${target} is not metered`);
};

const seen = (): Seen => {
  const { records, frames, wakeUps } = handed;
  const told = {
    used: [...used.values()],
    handed: { records: records.splice(0), frames: frames.splice(0), wakeUps: wakeUps.splice(0) },
    written: [...written],
  };
  used = new Map();
  written.clear();
  return told;
};

const server = httpServer(async (request) =>
  request.url.pathname === SEEN_PATH ? jsonReply(seen()) : round(() => answer(request)),
);
process.stdout.write(`${JSON.stringify({ port: await listen(server) })}\n`);
