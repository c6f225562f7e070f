import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAuthorizer } from 'aws-cdk-lib/aws-iot';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { leaveOut } from '../../lib/leave-out.ts';

const stackWithAuthorizer = (): Stack => {
  const stack = new Stack(new App(), 'stack');
  const { attrArn } = new CfnAuthorizer(stack, 'Door', { authorizerFunctionArn: 'arn:function' });
  const permission = { action: 'lambda:InvokeFunction', functionName: 'f', principal: 'iot.amazonaws.com' };
  new CfnPermission(stack, 'OfTheDoor', { ...permission, sourceArn: attrArn });
  new CfnPermission(stack, 'OfAnother', { ...permission, sourceArn: 'arn:other' });
  return stack;
};

it('takes resources of a type out of the stack, with the permissions that name them, and tells which', () => {
  const stack = stackWithAuthorizer();
  expect(leaveOut(stack, ['AWS::IoT::Authorizer'])).toEqual([
    'AWS::IoT::Authorizer stack/Door',
    'AWS::Lambda::Permission stack/OfTheDoor',
  ]);
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual(['OfAnother']);
});

it('refuses to leave out what is not there', () => {
  expect(() => leaveOut(stackWithAuthorizer(), ['AWS::Events::Archive'])).toThrow(
    'the stack has no AWS::Events::Archive',
  );
});
