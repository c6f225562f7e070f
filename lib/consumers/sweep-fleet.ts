import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/sweep-fleet/env.ts';
import { MinuteSchedule } from '../constructs/minute-schedule.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import type { Deployment } from '../deployment.ts';
import type { OcppStream } from '../stores/ocpp-stream.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';
import type { WakeQueue } from '../stores/wake-queue.ts';
import type { Windows } from '../stores/windows.ts';

export type SweepFleetProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly stream: OcppStream;
  readonly signals: SignalStream;
  readonly wakeUps: WakeQueue;
  readonly windows: Windows;
  readonly parked: ParkedRecords;
};

/** What only time brings about: roll-ups, lost stations, endless sessions, time-driven alerts. */
export const sweepFleet = (scope: Construct, id: string, props: SweepFleetProps): void => {
  const { deployment, tables, stream, signals, wakeUps, windows, parked } = props;
  const { consumer } = new MinuteSchedule<Env>(scope, id, {
    deployment,
    entry: 'sweep-fleet',
    environment: {
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      SESSIONS_TABLE: tables.nameOf('sessions'),
      TIMELINE_TABLE: tables.nameOf('timeline'),
      ALERTS_TABLE: tables.nameOf('alerts'),
      GRID_TABLE: tables.nameOf('grid'),
      SETTINGS_TABLE: tables.nameOf('settings'),
      SITES_TABLE: tables.nameOf('sites'),
      SIGNAL_STREAM: signals.stream.streamName,
      PARKED_BUCKET: parked.bucket.bucketName,
      COMMANDS_TABLE: tables.nameOf('commands'),
      WAKE_QUEUE: wakeUps.queue.queueUrl,
      OCPP_STREAM: stream.stream.streamName,
      WINDOW_STORE: windows.location,
      METRICS: deployment.stage.alarms ? 'yes' : 'no',
      SCAN_SEGMENTS: '4',
    },
  });
  consumer
    .allow(['dynamodb:Scan'], tables.arnOf('stations'), tables.arnOf('connectors'), tables.arnOf('settings'))
    .allow(['dynamodb:Query'], tables.indexArnOf('sessions', 'byStation'))
    .allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], tables.arnOf('timeline'))
    .allow(['dynamodb:GetItem'], tables.arnOf('settings'))
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('sites'))
    .allow(['dynamodb:Scan'], tables.indexArnOf('sites', 'byConfigured'))
    .allow(['dynamodb:Scan'], tables.indexArnOf('alerts', 'watched'))
    .allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], tables.arnOf('alerts'))
    .allow(['dynamodb:Query'], tables.indexArnOf('grid', 'byOpen'))
    .allow(['dynamodb:Query'], tables.indexArnOf('commands', 'byDue'))
    .allow(['s3:ListBucket'], parked.bucket.bucketArn);
  stream.writableBy(consumer);
  signals.writableBy(consumer);
  wakeUps.writableBy(consumer);
  windows.writableBy(consumer);
  windows.readableBy(consumer);
};
