import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/sweep-fleet/env.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
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

/** Shorter than the function that waits for it has. */
const SEGMENT_TIMEOUT = Duration.seconds(50);

const environmentOf = ({ deployment, tables, stream, signals, wakeUps, windows, parked }: SweepFleetProps) => ({
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
  STAGE: deployment.name,
  METRICS: deployment.stage.alarms ? 'yes' : 'no',
  SEGMENTS: String(deployment.stage.sweep.segments),
});

/** What sweeping a segment takes. */
const allowSegment = (sweeper: BundledFunction<unknown>, { tables, stream, windows }: SweepFleetProps): void => {
  sweeper
    .allow(['dynamodb:Scan'], tables.arnOf('stations'), tables.arnOf('connectors'), tables.arnOf('settings'))
    .allow(['dynamodb:Query'], tables.arnOf('connectors'), tables.indexArnOf('sessions', 'byStation'))
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('stations'))
    .allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'], tables.arnOf('timeline'))
    .allow(['dynamodb:GetItem'], tables.arnOf('settings'))
    .allow(['dynamodb:Scan'], tables.indexArnOf('sites', 'byConfigured'))
    .allow(['dynamodb:Scan'], tables.indexArnOf('alerts', 'watched'))
    .allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], tables.arnOf('alerts'));
  stream.writableBy(sweeper);
  windows.writableBy(sweeper);
  windows.readableBy(sweeper);
};

/** What concluding from all segments, and the work beside them, takes. */
const allowConclusions = (
  sweeper: BundledFunction<unknown>,
  { tables, signals, wakeUps, parked }: SweepFleetProps,
): void => {
  sweeper
    .allow(['dynamodb:GetItem', 'dynamodb:DeleteItem'], tables.arnOf('timeline'))
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('sites'))
    .allow(['dynamodb:Query'], tables.indexArnOf('grid', 'byOpen'))
    .allow(['dynamodb:Query'], tables.indexArnOf('commands', 'byDue'))
    .allow(['s3:ListBucket'], parked.bucket.bucketArn);
  signals.writableBy(sweeper);
  wakeUps.writableBy(sweeper);
};

/**
 * What only time brings about: roll-ups, lost stations, endless sessions, time-driven alerts. A stage with many chargers has the
 * segments of its fleet swept by invocations of a function of their own, for which the one that runs every minute waits.
 */
export const sweepFleet = (scope: Construct, id: string, props: SweepFleetProps): void => {
  const { deployment } = props;
  const { sweep } = deployment.stage;
  const environment = environmentOf(props);
  const segment = sweep.isDivided
    ? new BundledFunction<Env>(scope, `${id}Segment`, {
        deployment,
        entry: 'sweep-fleet',
        exported: 'segment',
        environment,
        memoryMiB: sweep.segmentMemoryMiB,
        timeout: SEGMENT_TIMEOUT,
      })
    : undefined;
  if (segment !== undefined) allowSegment(segment, props);
  const { consumer } = new MinuteSchedule<Env>(scope, id, {
    deployment,
    entry: 'sweep-fleet',
    environment: { ...environment, ...(segment && { SEGMENT_FUNCTION: segment.lambda.functionName }) },
  });
  allowSegment(consumer, props);
  allowConclusions(consumer, props);
  if (segment !== undefined) consumer.allow(['lambda:InvokeFunction'], segment.lambda.functionArn);
};
