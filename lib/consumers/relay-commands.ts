import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/relay-commands/env.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { TableStreamConsumer } from '../constructs/table-stream-consumer.ts';
import type { Deployment } from '../deployment.ts';
import type { OcppStream } from '../stores/ocpp-stream.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';
import type { WakeQueue } from '../stores/wake-queue.ts';

export type RelayCommandsProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly stream: OcppStream;
  readonly signals: SignalStream;
  readonly wakeUps: WakeQueue;
  readonly parked: ParkedRecords;
};

/** Queues the deadlines of commands, and puts their ends onto the stream. */
export const relayCommands = (scope: Construct, id: string, props: RelayCommandsProps): void => {
  const { deployment, tables, stream, signals, wakeUps, parked } = props;
  const { consumer } = new TableStreamConsumer<Env>(scope, id, {
    deployment,
    tables: { Commands: tables.of('commands') },
    parked,
    entry: 'relay-commands',
    environment: {
      OCPP_STREAM: stream.stream.streamName,
      SIGNAL_STREAM: signals.stream.streamName,
      WAKE_QUEUE: wakeUps.queue.queueUrl,
    },
  });
  stream.writableBy(consumer);
  signals.writableBy(consumer);
  wakeUps.writableBy(consumer);
};
