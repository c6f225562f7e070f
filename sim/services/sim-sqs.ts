import { createHash } from 'node:crypto';
import {
  BatchEntryIdsNotDistinct,
  type BatchResultErrorEntry,
  EmptyBatchRequest,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResultEntry,
  SendMessageCommand,
  SQSClient,
  SQSServiceException,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { handles, idFrom, simClient } from './sim-client.ts';
import { happens, metadata, ordinaryConduct, type SimServiceContext } from './sim-service-context.ts';

const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;
const LONGEST_DELAY_SEC = 900;

export type QueueDefinition = {
  readonly arn: string;
  readonly url: string;
  /** How long a message that was received stays invisible. */
  readonly visibilityTimeoutMs: number;
  /** Default: four days, as the service's. */
  readonly retentionMs?: number;
  /** Where a message goes that was received this often and never deleted. */
  readonly redrive?: { readonly arn: string; readonly afterReceives: number };
};

export type ReceivedMessage = {
  readonly messageId: string;
  readonly body: string;
  /** Deletes this message, as long as nobody has received it since. */
  readonly receiptHandle: string;
  readonly sentAt: number;
  /** How often it was received, this time included. */
  readonly receives: number;
};

/** SQS of a simulated account: standard queues. */
export type SimSqs = {
  readonly client: SQSClient;
  readonly send: SQSClient['send'];
  /** Puts a message as a service does, into a queue of dead letters for instance. */
  readonly put: (queueArn: string, body: string, delayMs?: number) => void;
  /**
   * ReceiveMessage: at most ten of those that are visible, in no order to rely on. A message that is not deleted within the
   * visibility time-out can be received again, and so, now and then, can one that was deleted.
   */
  readonly receive: (queueArn: string, limit: number) => readonly ReceivedMessage[];
  /** DeleteMessage. */
  readonly remove: (queueArn: string, receiptHandle: string) => void;
  /** When the next message can be received (ms); undefined for an empty queue. In the past when one can be already. */
  readonly nextAt: (queueArn: string) => number | undefined;
  /** Calls back when a message is put, however long it is delayed. */
  readonly onPut: (queueArn: string, listener: () => void) => void;
  /** What is in a queue, visible or not, in the order of its coming. */
  readonly messages: (
    queueArn: string,
  ) => readonly { readonly body: string; readonly sentAt: number; readonly receives: number }[];
};

type Message = {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  receiptHandle: string | undefined;
};

const failure = (name: string, message: string): SQSServiceException =>
  new SQSServiceException({ name, message, $fault: 'client', $metadata: metadata(400) });

export const simSqs = (definitions: readonly QueueDefinition[], context: SimServiceContext): SimSqs => {
  const { now, random } = context;
  const conduct = context.conduct ?? (() => ordinaryConduct);
  const queues = new Map(
    definitions.map((definition) => [
      definition.arn,
      { definition, messages: new Map<string, Message>(), listeners: [] as (() => void)[] },
    ]),
  );
  const arns = new Map(definitions.map(({ url, arn }) => [url, arn]));

  const of = (queueArn: string | undefined) => {
    const found = queues.get(queueArn ?? '');
    if (found === undefined)
      throw new QueueDoesNotExist({ message: 'The specified queue does not exist.', $metadata: metadata(400) });
    return found;
  };
  const put = (queueArn: string | undefined, body: string, delayMs = 0): string => {
    const { messages, listeners } = of(queueArn);
    const messageId = idFrom(random);
    const at = now();
    messages.set(messageId, {
      messageId,
      body,
      sentAt: at,
      visibleAt: at + delayMs,
      receives: 0,
      receiptHandle: undefined,
    });
    for (const listener of listeners) listener();
    return messageId;
  };
  const checkBody = (body: string | undefined): string => {
    if (!body) throw failure('MissingParameter', 'The request must contain the parameter MessageBody.');
    // XML's characters, for which the service was made.
    if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(body))
      throw failure(
        'InvalidMessageContents',
        'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
      );
    return body;
  };
  const delayOf = (seconds = 0): number => {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST_DELAY_SEC)
      throw failure(
        'InvalidParameterValue',
        `Value ${seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    return seconds * 1_000;
  };
  const sum = (body: string): string => createHash('md5').update(body).digest('hex');

  const putEntry = (
    queueArn: string | undefined,
    { Id = '', MessageBody, DelaySeconds }: SendMessageBatchRequestEntry,
  ): SendMessageBatchResultEntry | BatchResultErrorEntry => {
    if (happens(conduct().deferred, random))
      return { Id, SenderFault: false, Code: 'InternalError', Message: 'Try again' };
    try {
      const body = checkBody(MessageBody);
      return { Id, MessageId: put(queueArn, body, delayOf(DelaySeconds)), MD5OfMessageBody: sum(body) };
    } catch (error) {
      if (!(error instanceof SQSServiceException)) throw error;
      return { Id, SenderFault: true, Code: error.name, Message: error.message };
    }
  };

  const client = simClient(SQSClient, 'sqs', context, [
    handles(SendMessageCommand, ({ QueueUrl = '', MessageBody, DelaySeconds }) => {
      const body = checkBody(MessageBody);
      if (Buffer.byteLength(body) > MOST_BYTES)
        throw failure(
          'InvalidParameterValue',
          'One or more parameters are invalid. Reason: Message must be shorter than 262144 bytes.',
        );
      return { MessageId: put(arns.get(QueueUrl), body, delayOf(DelaySeconds)), MD5OfMessageBody: sum(body) };
    }),
    handles(SendMessageBatchCommand, ({ QueueUrl = '', Entries = [] }) => {
      const queueArn = arns.get(QueueUrl);
      of(queueArn);
      const at = { $metadata: metadata(400) };
      if (Entries.length === 0)
        throw new EmptyBatchRequest({
          message: 'There should be at least one SendMessageBatchRequestEntry in the request.',
          ...at,
        });
      if (Entries.length > MOST_ENTRIES)
        throw new TooManyEntriesInBatchRequest({
          message: `Maximum number of entries per request are 10. You have sent ${Entries.length}.`,
          ...at,
        });
      if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length)
        throw new BatchEntryIdsNotDistinct({ message: 'Id repeated.', ...at });
      if (Entries.reduce((bytes, { MessageBody = '' }) => bytes + Buffer.byteLength(MessageBody), 0) > MOST_BYTES)
        throw failure('BatchRequestTooLong', 'Batch requests cannot be longer than 262144 bytes.');
      const results = Entries.map((entry) => putEntry(queueArn, entry));
      const Failed = results.filter((result) => 'Code' in result);
      // Lists without members are left out.
      return {
        Successful: results.filter((result) => !('Code' in result)),
        ...(Failed.length > 0 && { Failed }),
      };
    }),
  ]);

  const expire = ({ definition, messages }: ReturnType<typeof of>): void => {
    const oldest = now() - (definition.retentionMs ?? 4 * 24 * 3_600_000);
    for (const { messageId, sentAt } of messages.values()) {
      if (sentAt > oldest) break;
      messages.delete(messageId);
    }
  };

  return {
    client,
    send: client.send,
    put: (queueArn, body, delayMs) => void put(queueArn, body, delayMs),
    receive: (queueArn, limit) => {
      const queue = of(queueArn);
      const { definition, messages } = queue;
      expire(queue);
      const at = now();
      const received: ReceivedMessage[] = [];
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= at);
      for (const message of visible) {
        if (received.length === Math.min(limit, MOST_ENTRIES)) break;
        if (definition.redrive !== undefined && message.receives >= definition.redrive.afterReceives) {
          messages.delete(message.messageId);
          put(definition.redrive.arn, message.body);
          continue;
        }
        message.receives += 1;
        message.receiptHandle = idFrom(random);
        // At least once: a copy may not have heard that somebody has the message.
        message.visibleAt = happens(conduct().duplicates, random) ? at : at + definition.visibilityTimeoutMs;
        const { messageId, body, receiptHandle, sentAt, receives } = message;
        received.push({ messageId, body, receiptHandle, sentAt, receives });
      }
      return received;
    },
    remove: (queueArn, receiptHandle) => {
      const { messages } = of(queueArn);
      for (const message of messages.values())
        if (message.receiptHandle === receiptHandle) messages.delete(message.messageId);
    },
    nextAt: (queueArn) => {
      const times = [...of(queueArn).messages.values()].map(({ visibleAt }) => visibleAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    onPut: (queueArn, listener) => void of(queueArn).listeners.push(listener),
    messages: (queueArn) =>
      [...of(queueArn).messages.values()].map(({ body, sentAt, receives }) => ({ body, sentAt, receives })),
  };
};
