import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { kinesisEndpoint } from './kinesis-endpoint.ts';
import { kinesisReader } from './kinesis-reader.ts';
import { kinesisStream, streamConsumer, streamInArn } from './kinesis-stream.ts';
import { openStreams } from './streams.ts';

/** Kinesis with streams of our own (ADR 8). */
export const kinesis: LocalService = {
  name: 'kinesis',
  kinds: [kinesisStream, streamConsumer],
  start: async ({ account, deployment, journal, open, refOf, system }) => {
    const streams = await openStreams((current) => journal('kinesis', current), system.clock);
    for (const { logicalId, properties } of deployment.all(kinesisStream))
      await streams.create(refOf(logicalId), properties.ShardCount ?? 1);
    for (const { properties } of deployment.all(streamConsumer)) streams.of(streamInArn(properties.StreamARN));
    const { call, onPut, server } = kinesisEndpoint(streams, system.clock);
    return {
      call,
      readStream: async (streamArn) => ({
        ...kinesisReader(call, streamArn, account),
        onWritten: onPut,
        handled: streams.of(streamInArn(streamArn)).addReader(),
      }),
      deliver: async (streamArn, { body, partitionKey = 'none' }) => {
        await call('Kinesis_20131202.PutRecord', {
          StreamName: streamInArn(streamArn),
          PartitionKey: partitionKey,
          Data: Buffer.from(JSON.stringify(body)).toString('base64'),
        });
      },
      environment: { AWS_ENDPOINT_URL_KINESIS: urlAt(await open(server)) },
    };
  },
};
