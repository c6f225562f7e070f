import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { type RunbookEntry, runbookLink } from './runbook-link.ts';

export type ReminderProps = {
  readonly deployment: Deployment;
  /** When to tell, ms since the epoch; whole seconds. */
  readonly at: number;
  readonly says: string;
  readonly runbook: RunbookEntry;
};

/**
 * One message to the operations topic on a day that is known beforehand, for what ends then and has no metric before. A stage
 * without alarms gets none.
 */
export class Reminder extends Construct {
  constructor(scope: Construct, id: string, { deployment: { operations }, at, says, runbook }: ReminderProps) {
    super(scope, id);
    if (operations === undefined) return;
    const { topicArn, masterKey } = operations;
    const publish = new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] });
    const encrypt =
      masterKey &&
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [masterKey.keyArn] });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      inlinePolicies: { Tell: new PolicyDocument({ statements: encrypt ? [publish, encrypt] : [publish] }) },
    });
    new CfnSchedule(this, 'Once', {
      description: says,
      scheduleExpression: `at(${new Date(at).toISOString().slice(0, 19)})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: topicArn, roleArn: role.roleArn, input: `${says} ${runbookLink(runbook)}` },
    });
  }
}
