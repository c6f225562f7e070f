import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { AlertTopic } from '../../use-cases/ports/alert-topic.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** The topic in SNS. A repeated publication is a repeated message: `id` is among its attributes. */
export const alertTopic = (
  topicArn: string,
  client: Pick<SNSClient, 'send'> = new SNSClient(clientConfig(callPolicies.consumer)),
): AlertTopic => ({
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
