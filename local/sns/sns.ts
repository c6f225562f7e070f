import { urlAt } from '../http/http-server.ts';
import type { LocalService } from '../stack/local-service.ts';
import { snsServer } from './sns-server.ts';
import { snsTopic } from './sns-topic.ts';

/** SNS: what is published is handed to the one who started the stack. */
export const sns: LocalService = {
  name: 'sns',
  kinds: [snsTopic],
  start: async ({ system, deployment, notified, open, refOf }) => {
    const topics = new Set(deployment.all(snsTopic).map(({ logicalId }) => refOf(logicalId)));
    return {
      deliver: async (topicArn, { body }) => notified({ topicArn, subject: undefined, message: JSON.stringify(body) }),
      environment: { AWS_ENDPOINT_URL_SNS: urlAt(await open(snsServer(topics, notified, system.uuid))) },
    };
  },
};
