import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { changedKey, tableChange } from '../aws/dynamodb/table-change.ts';
import type { TableChange } from '../use-cases/ports/table-change.ts';
import { type Consumer, type Delivery, deliver, type Order } from './deliver.ts';
import { lambda } from './lambda.ts';

export type TableStreamConsumer<Value> = Consumer<Value> & {
  /** Reads one change; undefined for one that is of no interest. Throws for one that is to be parked. */
  readonly read: (change: TableChange) => Value | undefined;
};

const stream =
  (order: Order) =>
  <Value>(consumer: TableStreamConsumer<Value>) => {
    const delivery = (record: DynamoDBRecord): Delivery<Value> => {
      const source = record.eventSourceARN ?? '';
      const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
      const partitionKey = changedKey(record);
      return {
        id: `${source}/${sequenceNumber}`,
        sequenceNumber,
        partitionKey,
        read: () => {
          const change = tableChange(record);
          const value = consumer.read(change);
          return value === undefined ? undefined : { key: change.key, value };
        },
        parked: (reason) => ({
          source: source.replace(/\/stream\/.*$/, ''),
          shardId: 'stream',
          sequenceNumber,
          partitionKey,
          reason,
          data: JSON.stringify(record),
        }),
      };
    };
    const run = deliver(consumer, order);
    return lambda('table-stream', ({ Records }: DynamoDBStreamEvent) => run(Records.map(delivery)));
  };

/** A Lambda on a table's change stream that takes change by change: one item's in order, different items side by side. */
export const tableStream = stream({ by: 'key', atOnce: 1 });

/**
 * A Lambda on a table's change stream that handles a batch as a whole, for consumers whose effects may come in any order
 * and gain from being written together.
 */
export const tableStreamBatch = stream({ by: 'batch' });
