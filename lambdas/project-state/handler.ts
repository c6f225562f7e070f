import { callPolicies } from '../../aws/call-policy.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { fold } from '../../domain/station/fold.ts';
import { kinesis } from '../../runtime/kinesis.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { aggregateCache } from '../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../use-cases/project-state/record-of.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.consumer);
const store = aggregateStore({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, db);
const cache = aggregateCache(2000);
const warn = sampledWarning();

export const handler = kinesis({
  decode: (data, sequenceNumber) => recordOf(env.STREAM_EPOCH, data, sequenceNumber, warn),
  handle: projectState({ store, cache, fold, queue: wakeQueue(env.WAKE_QUEUE, system) }),
  park: parkedRecords(env.PARKED_BUCKET, 'project-state', system).park,
  warn,
  system,
});
