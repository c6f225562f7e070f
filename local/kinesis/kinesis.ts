import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { startKinesis } from './kinesis-endpoint.ts';
import { kinesisReader } from './kinesis-reader.ts';
import { kinesisStream, streamInArn } from './kinesis-stream.ts';

/** Kinesis with streams of our own (ADR 8). */
export const kinesis: LocalService = {
  name: 'kinesis',
  kinds: [kinesisStream],
  start: async ({ account, system, deployment, onStop, refOf }) => {
    const { call, createStream, onPut, port, stop } = await startKinesis(system);
    onStop(stop);
    for (const { logicalId, properties } of deployment.all(kinesisStream))
      createStream(refOf(logicalId), properties.ShardCount ?? 1);
    return {
      call,
      readStream: async (streamArn) => ({ ...kinesisReader(call, streamArn, account), onWritten: onPut }),
      deliver: async (streamArn, { body, partitionKey = 'none' }) => {
        await call('Kinesis_20131202.PutRecord', {
          StreamName: streamInArn(streamArn),
          PartitionKey: partitionKey,
          Data: Buffer.from(JSON.stringify(body)).toString('base64'),
        });
      },
      environment: { AWS_ENDPOINT_URL_KINESIS: urlAt(port) },
    };
  },
};
