import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';

/** Alarms on more than one metric, which is no resource type of its own. */
const metricMath = 'metric-math';

/**
 * Takes resources out of the stack that the place it goes to does not know (`-c leaveOut=AWS::IoT::Authorizer,metric-math`):
 * for a rehearsal against an emulator, never for AWS. Permissions that name one of them go with it. Returns the paths of what
 * it took; throws for a kind of which the stack has nothing, so that the list stays as short as it can be.
 */
export const leaveOut = (stack: Stack, kinds: readonly string[]): readonly string[] => {
  const resources = stack.node.findAll().filter((construct) => construct instanceof CfnResource);
  const isOf = (kind: string) => (resource: CfnResource) =>
    kind === metricMath
      ? resource instanceof CfnAlarm && resource.metrics !== undefined
      : resource.cfnResourceType === kind;
  const taken = kinds.flatMap((kind) => {
    const found = resources.filter(isOf(kind));
    if (found.length === 0) throw new Error(`leaveOut: the stack has no ${kind}`);
    return found;
  });
  const names = taken.map(({ logicalId }) => `"${stack.resolve(logicalId)}"`);
  const permissions = resources.filter((resource) => {
    if (!(resource instanceof CfnPermission)) return false;
    const source = JSON.stringify(stack.resolve(resource.sourceArn) ?? '');
    return names.some((name) => source.includes(name));
  });
  const all = [...taken, ...permissions];
  for (const { node } of all) node.scope?.node.tryRemoveChild(node.id);
  return all.map(({ node, cfnResourceType }) => `${cfnResourceType} ${node.path}`);
};
