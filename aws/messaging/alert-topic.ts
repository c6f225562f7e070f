import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { AlertTopic } from '../../use-cases/ports/alert-topic.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openPatiently } from '../open-client.ts';

/** The topic in SNS. A repeated publication is a repeated message: `id` is among its attributes. */
export const alertTopic = (topicArn: string, open: OpenClient = openPatiently): AlertTopic => {
  const client = open(SNSClient, callPolicies.consumer);
  return {
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
  };
};
