import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/publish-changes/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { TableStreamConsumer } from '../constructs/table-stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBus } from '../stores/event-bus.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';

export type PublishChangesProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly signals: SignalStream;
  readonly parked: ParkedRecords;
};

/** Puts what changed on the bus and judges alerts by it. */
export const publishChanges = (scope: Construct, id: string, props: PublishChangesProps): void => {
  const { deployment, tables, events, signals, parked } = props;
  const { consumer } = new TableStreamConsumer<Env>(scope, id, {
    deployment,
    tables: {
      Connectors: tables.of('connectors'),
      Stations: tables.of('stations'),
      Alerts: tables.of('alerts'),
      Grid: tables.of('grid'),
    },
    parked,
    entry: 'publish-changes',
    environment: {
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      STATIONS_TABLE: tables.nameOf('stations'),
      ALERTS_TABLE: tables.nameOf('alerts'),
      GRID_TABLE: tables.nameOf('grid'),
      SETTINGS_TABLE: tables.nameOf('settings'),
      SITES_TABLE: tables.nameOf('sites'),
      SIGNAL_STREAM: signals.stream.streamName,
      EVENT_BUS: events.bus.eventBusName,
    },
  });
  consumer
    .allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], tables.arnOf('alerts'))
    .allow(['dynamodb:Scan'], tables.arnOf('settings'), tables.indexArnOf('sites', 'byConfigured'));
  events.writableBy(consumer);
  signals.writableBy(consumer);
};
