import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/announce-alerts/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { TableStreamConsumer } from '../constructs/table-stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { Notifications } from '../stores/notifications.ts';
import type { Tables } from '../stores/tables.ts';

export type AnnounceAlertsProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly notifications: Notifications;
  readonly parked: ParkedRecords;
};

/** Tells people and the timeline what happens to alerts. */
export const announceAlerts = (scope: Construct, id: string, props: AnnounceAlertsProps): void => {
  const { deployment, tables, notifications, parked } = props;
  const { consumer } = new TableStreamConsumer<Env>(scope, id, {
    deployment,
    tables: { Alerts: tables.of('alerts') },
    parked,
    entry: 'announce-alerts',
    environment: { TIMELINE_TABLE: tables.nameOf('timeline'), ALERT_TOPIC: notifications.alerts.topicArn },
  });
  consumer.allow(['dynamodb:BatchWriteItem'], tables.arnOf('timeline'));
  notifications.alertsWritableBy(consumer);
};
