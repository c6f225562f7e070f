import { createHash } from 'node:crypto';
import { z } from 'zod';
import { httpServer, jsonReply, ServiceError } from '../http/http-server.ts';
import type { Queues } from './queues.ts';

const Batch = z.object({
  QueueUrl: z.string(),
  Entries: z
    .array(
      z.object({
        Id: z.string(),
        MessageBody: z.string().min(1),
        DelaySeconds: z.number().int().min(0).max(900).default(0),
      }),
    )
    .min(1)
    .max(10),
});

const SEND_BATCH = 'AmazonSQS.SendMessageBatch';

/** SQS over HTTP for the AWS SDK: sending batches, which is all the stack does. `arnOf` knows the queue of a URL. */
export const sqsEndpoint = (queues: Queues, arnOf: (queueUrl: string) => string) =>
  httpServer(async ({ headers, body }) => {
    const operation = String(headers['x-amz-target']);
    if (operation !== SEND_BATCH) throw new ServiceError('UnsupportedOperation', `${operation} is not emulated`);
    const { data, error } = Batch.safeParse(JSON.parse(body.toString()));
    if (error) throw new ServiceError('InvalidParameterValue', z.prettifyError(error));
    const arn = arnOf(data.QueueUrl);
    const Successful = await Promise.all(
      data.Entries.map(async ({ Id, MessageBody, DelaySeconds }) => ({
        Id,
        MessageId: (await queues.send(arn, MessageBody, DelaySeconds * 1_000)).messageId,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
    );
    return jsonReply({ Successful, Failed: [] });
  });
