import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { z } from 'zod';
import { httpServer, ServiceError } from '../http/http-endpoint.ts';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Topic = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: ignored,
  FifoTopic: z.literal(false).optional(),
  KmsMasterKeyId: ignored,
  SignatureVersion: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});
export const snsTopic: ResourceKind<z.infer<typeof Topic>> = {
  type: 'AWS::SNS::Topic',
  properties: Topic,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'TopicName', property, account);
    const arn = arnOf('sns', name, account);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name, Arn: arn } };
  },
};

export type Notification = {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
};

/** SNS's Publish: notifications are handed to `notified`, because nobody subscribes by e-mail to a laptop. */
export const snsServer = (topicArns: ReadonlySet<string>, notified: (notification: Notification) => void): Server =>
  httpServer(async ({ body }) => {
    const form = new URLSearchParams(body.toString());
    const action = form.get('Action');
    if (action !== 'Publish') throw new ServiceError('InvalidAction', `SNS ${action} is not emulated locally`);
    const topicArn = form.get('TopicArn') ?? '';
    if (!topicArns.has(topicArn)) throw new ServiceError('NotFound', `There is no topic ${topicArn}`, 404);
    notified({ topicArn, subject: form.get('Subject') ?? undefined, message: form.get('Message') ?? '' });
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`,
    };
  });
