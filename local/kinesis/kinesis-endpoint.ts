import type { Server } from 'node:http';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { httpServer, jsonReply } from '../http/http-server.ts';
import { kinesisOperations } from './kinesis-operations.ts';
import type { Streams } from './streams.ts';

export type KinesisEndpoint = {
  readonly server: Server;
  /** The operations, without a way over HTTP. */
  readonly call: AwsJsonCall;
  /** Calls back when a record was put, so that consumers need not poll an idle stream often. */
  readonly onPut: (listener: () => void) => void;
};

/** Kinesis over HTTP for the AWS SDK. */
export const kinesisEndpoint = (streams: Streams, clock: () => number): KinesisEndpoint => {
  const operations = kinesisOperations(streams, clock);
  const listeners: (() => void)[] = [];
  const call: AwsJsonCall = async (target, input) => {
    const answer = await operations(target, input);
    if (target.startsWith('Kinesis_20131202.PutRecord')) for (const listener of listeners) listener();
    return answer;
  };
  return {
    server: httpServer(async ({ headers, body }) =>
      jsonReply(await call(String(headers['x-amz-target']), JSON.parse(body.toString()))),
    ),
    call,
    onPut: (listener) => void listeners.push(listener),
  };
};
