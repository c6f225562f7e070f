import { Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-timestream';
import { Construct } from 'constructs';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';

export type TimestreamWindowsProps = { readonly deployment: Deployment; readonly parked: ParkedRecords };

/** Timestream for the windows. Only for stages whose `windowStore` is 'timestream': new accounts cannot open it any more. */
export class TimestreamWindows extends Construct {
  readonly databaseName: string;
  readonly tableName: string;
  readonly #tableArn: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { deployment: { stage }, parked }: TimestreamWindowsProps) {
    super(scope, id);
    const kept = removalPolicy(stage);
    this.#key = new Key(this, 'Key', {
      description: 'Wattstream windows',
      enableKeyRotation: true,
      removalPolicy: kept,
    });
    const database = new CfnDatabase(this, 'Database', { kmsKeyId: this.#key.keyId });
    const table = new CfnTable(this, 'Table', {
      databaseName: database.ref,
      retentionProperties: {
        MemoryStoreRetentionPeriodInHours: String(stage.windowMemoryHours),
        MagneticStoreRetentionPeriodInDays: String(stage.windowMagneticDays),
      },
      // Offline queues deliver windows that are older than the memory store.
      magneticStoreWriteProperties: {
        EnableMagneticStoreWrites: true,
        // That store answers before it has checked: what it refuses later would vanish without a place to be told of.
        MagneticStoreRejectedDataLocation: {
          S3Configuration: {
            BucketName: parked.bucket.bucketName,
            ObjectKeyPrefix: 'timestream/',
            EncryptionOption: 'SSE_S3',
          },
        },
      },
    });
    for (const resource of [database, table]) resource.applyRemovalPolicy(kept);
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W3697',
      reason: 'Chosen only for accounts that have it; -c windowStore=dynamodb is the alternative.',
    });
    this.databaseName = database.ref;
    this.tableName = table.attrName;
    this.#tableArn = table.attrArn;
  }

  writableBy(writer: BundledFunction<unknown>): void {
    writer
      .allow(['timestream:WriteRecords'], this.#tableArn)
      .allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
    this.#discoverable(writer);
  }

  readableBy(reader: BundledFunction<unknown>): void {
    reader.allow(['timestream:Select'], this.#tableArn).allow(['kms:Decrypt'], this.#key.keyArn);
    this.#discoverable(reader);
  }

  /** The SDK asks for the cell's address first; that action knows no resources. */
  #discoverable(caller: BundledFunction<unknown>): void {
    caller.allowPattern(['timestream:DescribeEndpoints'], '*', 'The action knows no resources.');
  }
}
