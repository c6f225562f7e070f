import { expect, it } from 'vitest';
import { resourceTypes } from '../../../local/stack/resource-types.ts';
import { deploymentOf } from '../../../local/template/deployment.ts';
import { roleRights, type ServiceRequest } from '../../../sim/stack/role-rights.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const index = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Items', 'Arn'] }, '/index/byTime']] };
const statement = (Action: string | string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const Resources = JSON.parse(
  JSON.stringify({
    Items: table,
    Others: table,
    Frames: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader' } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'reads',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            statement(['dynamodb:GetItem', 'dynamodb:PutItem'], { 'Fn::GetAtt': ['Items', 'Arn'] }),
            statement('dynamodb:Query', index),
            statement('kinesis:PutRecord', { 'Fn::GetAtt': ['Frames', 'Arn'] }),
          ],
        },
      },
    },
  }),
);
const rights = roleRights(deploymentOf({ Resources }, account, resourceTypes), account);
const onTable = (operation: string, input: object): ServiceRequest => ({ service: 'dynamodb', operation, input });
const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/demo-Items';

it.each([
  ['an item', onTable('Get', { TableName: 'demo-Items' })],
  ['an index', onTable('Query', { TableName: 'demo-Items', IndexName: 'byTime' })],
  ['items written together', onTable('TransactWrite', { TransactItems: [{ Put: { TableName: 'demo-Items' } }] })],
  ['a stream', { service: 'kinesis', operation: 'PutRecord', input: { StreamName: 'demo-Frames' } }],
])('a role may ask for what its policy names: %s', (_, request) => {
  expect(rights('reader', request)).toBeUndefined();
});

it.each([
  ['a table by the right on its index', onTable('Query', { TableName: 'demo-Items' }), `dynamodb:Query on ${arn}`],
  [
    'an index by the right on its table',
    onTable('Get', { TableName: 'demo-Items', IndexName: 'byTime' }),
    `dynamodb:GetItem on ${arn}/index/byTime`,
  ],
  [
    'a batch by the right on single items',
    onTable('BatchWrite', { RequestItems: { 'demo-Items': [] } }),
    `dynamodb:BatchWriteItem on ${arn}`,
  ],
  [
    'a part of a transaction on another table',
    onTable('TransactWrite', {
      TransactItems: [{ Put: { TableName: 'demo-Items' } }, { Put: { TableName: 'demo-Others' } }],
    }),
    `dynamodb:PutItem on ${arn.replace('Items', 'Others')}`,
  ],
])('nothing else is allowed: %s', (_, request, lack) => {
  expect(rights('reader', request)).toBe(`not authorized to perform ${lack}`);
});

it('another role has rights of its own', () => {
  expect(rights('writer', onTable('Get', { TableName: 'demo-Items' }))).toBe(
    `not authorized to perform dynamodb:GetItem on ${arn}`,
  );
});

it('refuses to judge a service it does not know', () => {
  expect(() => rights('reader', { service: 'ses', operation: 'SendEmail', input: {} })).toThrow(
    'It is not known what a role must allow for ses SendEmail',
  );
});
