import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/record-history/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { TableStreamConsumer } from '../constructs/table-stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';
import type { Windows } from '../stores/windows.ts';

export type RecordHistoryProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly windows: Windows;
  readonly parked: ParkedRecords;
};

/** Keeps what was: sessions, timeline and connector-minutes. */
export const recordHistory = (scope: Construct, id: string, props: RecordHistoryProps): void => {
  const { deployment, tables, windows, parked } = props;
  const { consumer } = new TableStreamConsumer<Env>(scope, id, {
    deployment,
    tables: { Connectors: tables.of('connectors'), Stations: tables.of('stations') },
    parked,
    // History is read later: fewer, fuller batches cost a fraction of the invocations.
    batchWindow: Duration.seconds(2),
    entry: 'record-history',
    environment: {
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SESSIONS_TABLE: tables.nameOf('sessions'),
      TIMELINE_TABLE: tables.nameOf('timeline'),
      TARIFFS_TABLE: tables.nameOf('tariffs'),
      WINDOW_STORE: windows.location,
    },
  });
  consumer
    .allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tables.arnOf('sessions'))
    .allow(['dynamodb:Query'], tables.indexArnOf('sessions', 'byStation'))
    .allow(['dynamodb:Query', 'dynamodb:BatchWriteItem'], tables.arnOf('timeline'))
    .allow(['dynamodb:Scan'], tables.arnOf('tariffs'));
  windows.writableBy(consumer);
  // Late readings change minutes that were closed: those are read first.
  windows.readableBy(consumer);
};
