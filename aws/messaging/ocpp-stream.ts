import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** The stream in Kinesis. `put` resolves once Kinesis has the record and rejects after bounded attempts otherwise. */
export const ocppStream = (
  stream: string,
  client: Pick<KinesisClient, 'send'> = new KinesisClient(clientConfig(callPolicies.keeping)),
): OcppStream => ({
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
