import { KinesisClient, type KinesisClientConfig, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';

const ATTEMPTS = 3;
/** All attempts together must fit into the ten seconds of the gateway's Lambdas: a charger is owed an answer even then. */
const REQUEST_TIMEOUT_MS = 2_500;

/**
 * HTTP/1.1: one connection per concurrent put is what a Lambda needs, and every Kinesis endpoint speaks it.
 * A request without an answer is given up after `requestTimeoutMs`: left to itself the SDK only warns.
 */
export const kinesisClient = (
  config: KinesisClientConfig = {},
  requestTimeoutMs: number = REQUEST_TIMEOUT_MS,
): KinesisClient =>
  new KinesisClient({
    maxAttempts: ATTEMPTS,
    ...config,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  });

/** The stream in Kinesis. `put` resolves once Kinesis has the record and rejects after bounded attempts otherwise. */
export const ocppStream = (stream: string, client: Pick<KinesisClient, 'send'> = kinesisClient()): OcppStream => ({
  put: async (envelope) => {
    await client.send(
      new PutRecordCommand({
        StreamName: stream,
        PartitionKey: envelope.stationId,
        Data: new TextEncoder().encode(JSON.stringify(envelope)),
      }),
    );
  },
});
