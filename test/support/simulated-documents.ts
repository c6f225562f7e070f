import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sendDocuments } from '../../aws/dynamodb/document-client.ts';
import type { SimDynamodb } from '../../sim/services/dynamodb/sim-dynamodb.ts';

/** A client that speaks plain objects as the product does, with the simulated service behind it. */
export const simulatedDocuments = ({ send }: SimDynamodb): DynamoDBDocumentClient =>
  Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send: sendDocuments(send) });
