import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { type Consumer, type Delivery, deliver, type Keyed } from './deliver.ts';
import { lambda } from './lambda.ts';

/** Records of one station that are folded before anything is written, at most. */
const RUN_LENGTH = 200;

export type KinesisConsumer<Value> = Consumer<Value> & {
  /** Reads one record; undefined for one that is for other consumers. Throws for one that is to be parked. */
  readonly decode: (data: string, sequenceNumber: string) => Keyed<Value> | undefined;
};

/** A Lambda on a Kinesis stream: one key's records in order, different keys side by side. */
export const kinesis = <Value>(consumer: KinesisConsumer<Value>) => {
  const delivery = ({ eventSourceARN, eventID, kinesis }: KinesisStreamRecord): Delivery<Value> => {
    const { sequenceNumber, partitionKey } = kinesis;
    const data = Buffer.from(kinesis.data, 'base64').toString('utf8');
    const shardId = eventID.slice(0, eventID.indexOf(':'));
    return {
      id: eventID,
      sequenceNumber,
      partitionKey,
      read: () => consumer.decode(data, sequenceNumber),
      parked: (reason) => ({ source: eventSourceARN, shardId, sequenceNumber, partitionKey, reason, data }),
    };
  };
  const run = deliver(consumer, { by: 'key', atOnce: RUN_LENGTH });
  return lambda('kinesis', ({ Records }: KinesisStreamEvent) => run(Records.map(delivery)));
};
