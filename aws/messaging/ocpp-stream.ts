import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';
import { callPolicies } from '../call-policy.ts';
import { manyRequests, type OpenClient, openPatiently } from '../open-client.ts';

/** The stream in Kinesis. `put` resolves once Kinesis has the record and rejects after bounded attempts otherwise. */
export const ocppStream = (stream: string, open: OpenClient = openPatiently): OcppStream => {
  const client = open(KinesisClient, callPolicies.keeping, manyRequests);
  return {
    put: async (envelope) => {
      await client.send(
        new PutRecordCommand({
          StreamName: stream,
          PartitionKey: envelope.stationId,
          Data: new TextEncoder().encode(JSON.stringify(envelope)),
        }),
      );
    },
  };
};
