import { z } from 'zod';
import type { ConsumeMessages } from '../../sqs/queues.ts';
import type { Resource } from '../../template/resource-kind.ts';
import type { MappingProperties } from './event-source-mapping.ts';

/** Whether a mapping feeds a function from a queue and not from a stream. */
export const isOfQueue = ({ properties }: Resource<MappingProperties>): boolean =>
  properties.EventSourceArn.startsWith('arn:aws:sqs:');

const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) });

/** Runs one queue event source mapping: a batch is one invocation, and what it reports as failed comes again. */
export const queueSource =
  (
    { EventSourceArn, FunctionName, FunctionResponseTypes }: MappingProperties,
    invoke: (functionArn: string, event: unknown) => Promise<unknown>,
  ): ConsumeMessages =>
  async (messages) => {
    const Records = messages.map(({ messageId, body }) => ({
      messageId,
      receiptHandle: messageId,
      body,
      attributes: {},
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: EventSourceArn,
      awsRegion: EventSourceArn.split(':')[3] ?? '',
    }));
    const answer = await invoke(FunctionName, { Records });
    if (FunctionResponseTypes === undefined) return [];
    return Answer.parse(answer ?? {}).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
