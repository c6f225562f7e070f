import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { close, httpServer, jsonReply, listen } from '../http/http-server.ts';
import type { LocalSystem } from '../system.ts';
import { kinesisOperations } from './kinesis-operations.ts';

export type Kinesis = {
  readonly port: number;
  /** The operations, without a way over HTTP. */
  readonly call: AwsJsonCall;
  readonly createStream: (name: string, shards: number) => void;
  /** Calls back when a record was put, so that consumers need not poll an idle stream often. */
  readonly onPut: (listener: () => void) => void;
  readonly stop: () => Promise<void>;
};

const target = (operation: string) => `Kinesis_20131202.${operation}`;

/** Kinesis in memory, over HTTP for the AWS SDK. */
export const startKinesis = async ({ clock }: LocalSystem): Promise<Kinesis> => {
  const operations = kinesisOperations(clock);
  const listeners: (() => void)[] = [];
  const call: AwsJsonCall = async (operation, input) => {
    const answer = await operations.call(operation, input);
    if (operation.startsWith(target('PutRecord'))) for (const listener of listeners) listener();
    return answer;
  };
  const server = httpServer(async ({ headers, body }) =>
    jsonReply(await call(String(headers['x-amz-target']), JSON.parse(body.toString()))),
  );
  return {
    port: await listen(server),
    call,
    createStream: operations.create,
    onPut: (listener) => {
      listeners.push(listener);
    },
    stop: () => close(server),
  };
};
