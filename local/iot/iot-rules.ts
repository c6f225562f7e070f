import type { Account } from '../template/template.ts';
import type { TopicRule } from './iot-resources.ts';
import { parseRule, type RuleMessage, substitute, topicMatches } from './iot-sql.ts';

/** Runs every rule whose topic filter a message matches; what a rule cannot do goes to its error action. */
export const topicRules = (
  rules: readonly TopicRule[],
  ports: Pick<IotPorts, 'invokeAsync' | 'putObject' | 'report'>,
): ((message: RuleMessage) => void) => {
  const queries = rules.map(({ logicalId, properties }) => ({
    logicalId,
    query: parseRule(properties.TopicRulePayload.Sql),
    payload: properties.TopicRulePayload,
  }));
  return (message: RuleMessage): void => {
    for (const { logicalId, query, payload } of queries) {
      if (!topicMatches(query.filter, message.topic)) continue;
      try {
        const selected = query.select(message);
        for (const action of payload.Actions) ports.invokeAsync(action.Lambda.FunctionArn, selected);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        ports.report(`${logicalId}: ${reason} (topic ${message.topic})`);
        if (payload.ErrorAction === undefined) continue;
        const { BucketName, Key } = payload.ErrorAction.S3;
        const body = {
          ruleName: logicalId,
          topic: message.topic,
          clientId: message.clientId,
          failures: [{ errorMessage: reason }],
          base64OriginalPayload: message.payload.toString('base64'),
        };
        ports
          .putObject(BucketName, substitute(Key, message), JSON.stringify(body))
          .catch((problem: unknown) => ports.report(`${logicalId}: error action failed: ${String(problem)}`));
      }
    }
  };
};

export type IotPorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Queues an asynchronous invocation with the function's own retries and failure destination. */
  readonly invokeAsync: (functionArn: string, event: unknown) => void;
  readonly putObject: (bucket: string, key: string, body: string) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly account: Account;
  readonly now: () => number;
};
