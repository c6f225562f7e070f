import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { type OrderedConsumerProps, orderedConsumer, orderedSource, sourceAlarms } from './ordered-source.ts';

/** A change stream keeps 24 hours: what is parked later than this would be gone before it is read. */
const MAX_RECORD_AGE_HOURS = 20;

export type TableStreamConsumerProps<Env> = OrderedConsumerProps<Env> & {
  /** Tables whose changes it reads, by the id their mapping gets: { Connectors: table }. */
  readonly tables: Readonly<Record<string, Table>>;
  /** How long a batch is filled, where nobody waits for what comes of it. Default: the stage's. */
  readonly batchWindow?: Duration;
};

/** A Lambda that follows the change streams of tables, with the same promises as `StreamConsumer`. */
export class TableStreamConsumer<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, props: TableStreamConsumerProps<Env>) {
    super(scope, id);
    const { deployment, parked, entry, maxLag } = props;
    this.consumer = orderedConsumer(this, props);
    const maxRecordAge = Duration.hours(Math.min(deployment.stage.maxRecordAgeHours, MAX_RECORD_AGE_HOURS));
    for (const [name, table] of Object.entries(props.tables)) {
      if (table.tableStreamArn === undefined)
        throw new Error(`${entry} cannot follow ${name}: the table has no stream`);
      this.consumer.allow(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        table.tableStreamArn,
      );
      orderedSource(this, `${name}Source`, {
        deployment,
        consumer: this.consumer,
        stream: table.tableStreamArn,
        parked,
        maxRecordAge,
        batchWindow: props.batchWindow,
      });
    }
    sourceAlarms(this.consumer, {
      deployment,
      maxLag,
      maxRecordAge,
      means: `${entry} is behind the tables: what it derives (history, windows, events) is late, live state is not.`,
    });
  }
}
