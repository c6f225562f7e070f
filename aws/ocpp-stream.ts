import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Envelope } from '../ocpp/envelope.ts';

/** The stream "ocpp": one record per envelope, keyed by its station, so that a station's records stay in order. */
export type OcppStream = { readonly put: (envelope: Envelope) => Promise<void> };

const ATTEMPTS = 3;
const REQUEST_TIMEOUT_MS = 3_000;

/** HTTP/1.1: one connection per concurrent put is what a Lambda needs, and every Kinesis endpoint speaks it. */
const kinesis = (): KinesisClient =>
  new KinesisClient({
    maxAttempts: ATTEMPTS,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: REQUEST_TIMEOUT_MS }),
  });

/** The stream in Kinesis. `put` resolves once Kinesis has the record and rejects after bounded attempts otherwise. */
export const ocppStream = (stream: string, client: Pick<KinesisClient, 'send'> = kinesis()): OcppStream => ({
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
