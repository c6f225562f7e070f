import type { LocalSystem } from '../local-system.ts';
import type { Delivery } from '../stack/local-service.ts';
import { arnOf } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import { parseRule, type RuleMessage, substitute, topicMatches } from './rule-query.ts';
import type { TopicAction, TopicRule } from './topic-rule.ts';

/** Hands what a rule selected to one of its actions. */
const act = (
  action: TopicAction,
  body: Record<string, unknown>,
  message: RuleMessage,
  { deliver, account }: Pick<IotPorts, 'deliver' | 'account'>,
): Promise<void> => {
  if ('Lambda' in action) return deliver(action.Lambda.FunctionArn, { body });
  const { StreamName, PartitionKey } = action.Kinesis;
  const partitionKey = substitute(PartitionKey, message);
  return deliver(arnOf('kinesis', `stream/${StreamName}`, account), { body, partitionKey });
};

/** Runs every rule whose topic filter a message matches; what a rule cannot do goes to its error action. */
export const topicRules = (
  rules: readonly TopicRule[],
  ports: Pick<IotPorts, 'deliver' | 'report' | 'account'>,
): ((message: RuleMessage) => void) => {
  const queries = rules.map(({ logicalId, properties }) => ({
    logicalId,
    query: parseRule(properties.TopicRulePayload.Sql),
    payload: properties.TopicRulePayload,
  }));
  return (message: RuleMessage): void => {
    for (const { logicalId, query, payload } of queries) {
      if (!topicMatches(query.filter, message.topic)) continue;
      const run = async () => {
        const selected = query.select(message);
        for (const action of payload.Actions) await act(action, selected, message, ports);
      };
      run().catch(async (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        ports.report(`${logicalId}: ${reason} (topic ${message.topic})`);
        if (payload.ErrorAction === undefined) return;
        const { BucketName, Key } = payload.ErrorAction.S3;
        const body = {
          ruleName: logicalId,
          topic: message.topic,
          clientId: message.clientId,
          failures: [{ errorMessage: reason }],
          base64OriginalPayload: message.payload.toString('base64'),
        };
        await ports
          .deliver(`arn:aws:s3:::${BucketName}`, { body, objectKey: substitute(Key, message) })
          .catch((problem: unknown) => ports.report(`${logicalId}: error action failed: ${String(problem)}`));
      });
    }
  };
};

export type IotPorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Hands something to a target of another service, by ARN. */
  readonly deliver: (targetArn: string, delivery: Delivery) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly account: Account;
  readonly system: LocalSystem;
};
