import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notification } from '../domain/alerts/notification.ts';

/** Where people are told: e-mail, SMS and chat subscriptions filter by the attributes (event, severity, rule, siteId, region, stationId). */
export type AlertTopic = { readonly publish: (notification: Notification) => Promise<void> };

/** The topic in SNS. A repeated publication is a repeated message: `id` is among its attributes. */
export const alertTopic = (topicArn: string, client: Pick<SNSClient, 'send'> = new SNSClient({})): AlertTopic => ({
  publish: async ({ id, subject, message, attributes }) => {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: message,
        MessageAttributes: Object.fromEntries(
          Object.entries({ ...attributes, id }).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      }),
    );
  },
});
