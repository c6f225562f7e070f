import { z } from 'zod';
import type { StoreRequest } from '../../local/faults/fault-proxy.ts';

/**
 * On-demand prices of us-east-1 in USD, copied on 2026-11-20: DynamoDB from aws/agent-toolkit-for-aws (calculate_costs.py),
 * Lambda from aws.amazon.com/lambda/pricing, Kinesis from aws.amazon.com/kinesis/data-streams/pricing, API Gateway from
 * aws.amazon.com/api-gateway/pricing, SQS from memory.
 */
const prices = {
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  lambdaRequest: 0.2e-6,
  kinesisPut: 0.014e-6,
  socketMessage: 1e-6,
  queueRequest: 0.4e-6,
} as const;

const Put = z.object({ Put: z.object({ Item: z.unknown() }) });
const TransactWrite = z.object({ TransactItems: z.array(Put) });
const PutOne = z.object({ Item: z.unknown() });

/** A write unit per KB, twice in a transaction. JSON text is longer than the item it describes: an upper bound. */
const unitsOf = (item: unknown): number => Math.ceil(JSON.stringify(item).length / 1024);

/** What one request to a store costs, USD. Reads are counted as one unit of 4 KB for each item, of which a mailbox is one. */
export const requestUsd = ({ service, operation, body }: StoreRequest): number => {
  switch (operation) {
    case 'TransactWriteItems': {
      const items = TransactWrite.parse(JSON.parse(body)).TransactItems;
      return items.reduce((sum, { Put: put }) => sum + 2 * unitsOf(put.Item) * prices.writeUnit, 0);
    }
    case 'PutItem':
      return unitsOf(PutOne.parse(JSON.parse(body)).Item) * prices.writeUnit;
    case 'UpdateItem':
      return prices.writeUnit;
    case 'BatchGetItem':
      return 2 * prices.readUnit;
    case 'GetItem':
    case 'Query':
      return prices.readUnit;
    case 'PutRecord':
      return prices.kinesisPut;
    case 'PutRecords':
      return prices.kinesisPut * z.object({ Records: z.array(z.unknown()) }).parse(JSON.parse(body)).Records.length;
    default:
      return service === 'sqs' ? prices.queueRequest : 0;
  }
};

/** What API Gateway and the gateway's Lambda cost for one command, USD: the call out, the answer in, one invocation. */
export const gatewayUsd = 2 * prices.socketMessage + prices.lambdaRequest;
