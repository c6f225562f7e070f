import { callPolicies } from '../../aws/call-policy.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { fold } from '../../domain/station/fold.ts';
import { kinesis } from '../../runtime/kinesis.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { aggregateCache } from '../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../use-cases/project-state/record-of.ts';
import { Env } from './env.ts';

/** Everything project-state is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const store = aggregateStore({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, db);
  const cache = aggregateCache(2000);
  const warn = sampledWarning();

  return {
    handler: kinesis({
      decode: (data, sequenceNumber) => recordOf(env.STREAM_EPOCH, data, sequenceNumber, warn),
      handle: projectState({ store, cache, fold, queue: wakeQueue(env.WAKE_QUEUE, system, open) }),
      park: parkedRecords(env.PARKED_BUCKET, 'project-state', system, open).park,
      stage: env.STAGE,
      warn,
      system,
    }),
  };
};
