import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { chunksOf } from '../../async/chunks-of.ts';
import { retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import type { SiteRecord, SiteStream } from '../../use-cases/ports/sites/site-record.ts';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { Deferred, untilComplete } from '../dynamodb/deferred.ts';
import { type OpenClient, openPatiently } from '../open-client.ts';

const PER_REQUEST = 500;

/**
 * The stream of signals in Kinesis. `put` resolves once all records are there. Records that were refused are put again by
 * themselves, so that those of one site may change places: whoever folds them goes by revision and instant.
 */
export const siteStream = (
  stream: string,
  system: System,
  open: OpenClient = openPatiently,
  policy: CallPolicy = callPolicies.keeping,
): SiteStream => {
  const client = open(KinesisClient, policy);
  return {
    put: async (records) => {
      for (const chunk of chunksOf(records, PER_REQUEST)) {
        let pending: readonly SiteRecord[] = chunk;
        const putPending = async (): Promise<void> => {
          const { Records = [] } = await client.send(
            new PutRecordsCommand({
              StreamName: stream,
              Records: pending.map((record) => ({
                PartitionKey: record.siteId,
                Data: new TextEncoder().encode(JSON.stringify(record)),
              })),
            }),
          );
          const refused = pending.filter((_, index) => Records[index]?.ErrorCode !== undefined);
          pending = refused;
          if (refused.length > 0) throw new Deferred(`${refused.length} records are not in ${stream}`);
        };
        await retry(putPending, untilComplete, system);
      }
    },
  };
};
