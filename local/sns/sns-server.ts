import type { Server } from 'node:http';
import { httpServer, ServiceError } from '../http/http-server.ts';
import type { Notification } from '../stack/local-service.ts';

/** SNS's Publish: notifications are handed to `notified`. Subscriptions are not emulated. */
export const snsServer = (
  topicArns: ReadonlySet<string>,
  notified: (notification: Notification) => void,
  uuid: () => string,
): Server =>
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
      body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${uuid()}</MessageId></PublishResult></PublishResponse>`,
    };
  });
