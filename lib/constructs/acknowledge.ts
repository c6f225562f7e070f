import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts one cdk-nag AwsSolutions finding on a construct and everything below it. The reason is part of the review. */
export const acknowledge = (construct: IConstruct, rule: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });

/** Accepts that a policy below a construct names a resource with a wildcard in it. `arn` may hold tokens. */
export const acknowledgeWildcard = (construct: IConstruct, arn: string, reason: string): void =>
  acknowledge(construct, `IAM5[Resource::${written(Stack.of(construct).resolve(arn))}]`, reason);

/** A resolved value the way cdk-nag writes it: references in angle brackets, everything else as it stands. */
const written = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('Ref' in value) return `<${value.Ref}>`;
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const [separator, parts] = value['Fn::Join'];
      return parts.map(written).join(separator);
    }
  }
  throw new Error(`No resource of a policy: ${JSON.stringify(value)}`);
};
