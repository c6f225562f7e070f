import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/wake-mailboxes/env.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import type { EventBus } from '../stores/event-bus.ts';
import type { Tables } from '../stores/tables.ts';
import type { WakeQueue } from '../stores/wake-queue.ts';

export type WakeMailboxesProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly gateway: StationGateway;
  readonly wakeUps: WakeQueue;
};

/** Ends commands at their deadlines, sends what waits for a connection, and tries again what could not be taken. */
export const wakeMailboxes = (scope: Construct, id: string, props: WakeMailboxesProps): void => {
  const { deployment, tables, events, gateway, wakeUps } = props;
  const woken = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'wake-mailboxes',
    environment: {
      COMMANDS_TABLE: tables.nameOf('commands'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
      WAKE_QUEUE: wakeUps.queue.queueUrl,
      EVENT_BUS: events.bus.eventBusName,
    },
    // What comes too early, or meets a store that is out, is queued again: for a day if need be.
    isOwnSource: true,
  });
  tables.mailboxesSteppedBy(woken);
  gateway.sendableBy(woken);
  wakeUps.readableBy(woken);
  wakeUps.writableBy(woken);
  events.writableBy(woken);
  new EventSourceMapping(woken, 'Source', {
    target: woken.lambda,
    eventSourceArn: wakeUps.queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
  });
};
