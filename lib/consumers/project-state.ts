import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/project-state/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { OcppStream } from '../stores/ocpp-stream.ts';
import type { Tables } from '../stores/tables.ts';
import type { WakeQueue } from '../stores/wake-queue.ts';

export type ProjectStateProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly stream: OcppStream;
  readonly wakeUps: WakeQueue;
  readonly parked: ParkedRecords;
};

/** The one writer of live state: frames in, one guarded write per touched item out. */
export const projectState = (
  scope: Construct,
  id: string,
  { deployment, tables, stream, wakeUps, parked }: ProjectStateProps,
): void => {
  const { consumer } = new StreamConsumer<Env>(scope, id, {
    deployment,
    stream: stream.stream,
    parked,
    entry: 'project-state',
    environment: {
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      STATIONS_TABLE: tables.nameOf('stations'),
      WAKE_QUEUE: wakeUps.queue.queueUrl,
      STREAM_EPOCH: String(deployment.stage.streamEpoch),
    },
  });
  consumer
    .allow(['dynamodb:Query', 'dynamodb:PutItem'], tables.arnOf('connectors'))
    .allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], tables.arnOf('stations'));
  wakeUps.writableBy(consumer);
};
