import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { metadata } from '../sim-service-context.ts';

/** A request that DynamoDB refuses for what is in it. */
export const invalid = (message: string): DynamoDBServiceException =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata: metadata(400) });

export const invalidParameter = (what: string): DynamoDBServiceException =>
  invalid(`One or more parameter values were invalid: ${what}`);

/** Of a write alone: its condition does not hold. `found` is the item, if it was asked for. */
export const conditionFailed = (found?: object): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: metadata(400),
    ...(found && { Item: structuredClone(found) as Record<string, never> }),
  });

export const noTable = (): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: metadata(400) });

/** Of a write alone: a transaction has the item. */
export const conflicted = (): TransactionConflictException =>
  new TransactionConflictException({
    message: 'Transaction is ongoing for the item',
    $metadata: metadata(400),
  });

/** A transaction that did nothing, with a reason for each of its writes. */
export const cancelled = (reasons: readonly CancellationReason[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    CancellationReasons: [...reasons],
    $metadata: metadata(400),
  });
