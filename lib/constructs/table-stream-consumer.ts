import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { BundledFunction, type Environment } from './bundled-function.ts';
import { orderedSource, sourceAlarms } from './ordered-source.ts';
import type { ParkedRecords } from './parked-records.ts';

/** A change stream keeps 24 hours: what is parked later than this would be gone before it is read. */
const MAX_RECORD_AGE_HOURS = 20;

export type TableStreamConsumerProps<Env> = {
  readonly deployment: Deployment;
  /** Tables whose changes it reads, by the id their mapping gets: { Connectors: table }. */
  readonly tables: Readonly<Record<string, Table>>;
  readonly parked: ParkedRecords;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  /** Without PARKED_BUCKET and STAGE: the construct adds them. */
  readonly environment: Environment<Omit<Env, 'PARKED_BUCKET' | 'STAGE'>>;
  /** The alarm rises when changes wait longer. Default 1 minute. */
  readonly maxLag?: Duration;
  /** How long a batch is filled, where nobody waits for what comes of it. Default: the stage's. */
  readonly batchWindow?: Duration;
};

/** A Lambda that follows the change streams of tables, with the same promises as `StreamConsumer`. */
export class TableStreamConsumer<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, props: TableStreamConsumerProps<Env>) {
    super(scope, id);
    const { deployment, parked, entry } = props;
    const { stage } = deployment;
    this.consumer = new BundledFunction<
      Omit<Env, 'PARKED_BUCKET' | 'STAGE'> & { PARKED_BUCKET: string; STAGE: string }
    >(this, 'Consumer', {
      deployment,
      entry,
      environment: { ...props.environment, PARKED_BUCKET: parked.bucket.bucketName, STAGE: deployment.name },
      memoryMiB: stage.projectorMemoryMiB,
      timeout: Duration.minutes(1),
    });
    const maxRecordAge = Duration.hours(Math.min(stage.maxRecordAgeHours, MAX_RECORD_AGE_HOURS));
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
      maxLag: props.maxLag ?? Duration.minutes(1),
      maxRecordAge,
      means: `${entry} is behind the tables: what it derives (history, windows, events) is late, live state is not.`,
    });
  }
}
