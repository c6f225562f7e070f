import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/allocate-site/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';

export type AllocateSiteProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly signals: SignalStream;
  readonly gateway: StationGateway;
  readonly parked: ParkedRecords;
};

/** Shares the power of controlled sites: one run per site and batch, its setpoints straight into the stations' mailboxes. */
export const allocateSite = (scope: Construct, id: string, props: AllocateSiteProps): void => {
  const { deployment, tables, signals, gateway, parked } = props;
  const { consumer } = new StreamConsumer<Env>(scope, id, {
    deployment,
    stream: signals.stream,
    fanOut: signals.fanOut,
    parked,
    entry: 'allocate-site',
    environment: {
      SITES_TABLE: tables.nameOf('sites'),
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      COMMANDS_TABLE: tables.nameOf('commands'),
      TIMELINE_TABLE: tables.nameOf('timeline'),
      SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
      STREAM_EPOCH: String(deployment.stage.streamEpoch),
    },
    // A limit that comes late is a limit that was exceeded.
    maxLag: Duration.seconds(15),
  });
  consumer
    .allow(['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'], tables.arnOf('sites'))
    .allow(
      ['dynamodb:Query'],
      tables.indexArnOf('stations', 'bySite'),
      tables.indexArnOf('connectors', 'activeBySite'),
      tables.indexArnOf('connectors', 'bySite'),
    )
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('connectors'))
    .allow(['dynamodb:BatchWriteItem'], tables.arnOf('timeline'));
  tables.mailboxesSteppedBy(consumer);
  gateway.sendableBy(consumer);
};
