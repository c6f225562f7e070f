import { describe, expect, it } from 'vitest';
import { dynamodbTable } from '../../../local/dynamodb/dynamodb-table.ts';
import { kinesisStream } from '../../../local/kinesis/kinesis-stream.ts';
import { resourceTypes } from '../../../local/stack/resource-types.ts';
import { deploymentOf, UnsupportedTemplate } from '../../../local/template/deployment.ts';
import type { TemplateResource } from '../../../local/template/template.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const deploy = (Resources: Record<string, TemplateResource>) => deploymentOf({ Resources }, account, resourceTypes);

describe('deployment', () => {
  it('names every resource whose type is not supported, at once', () => {
    expect(() =>
      deploy({
        Cache: { Type: 'AWS::ElastiCache::CacheCluster' },
        Fine: { Type: 'AWS::Kinesis::Stream' },
        Warehouse: { Type: 'AWS::Redshift::Cluster' },
      }),
    ).toThrow(
      new UnsupportedTemplate([
        'Cache: resource type AWS::ElastiCache::CacheCluster is not supported (local/stack/local-services.ts)',
        'Warehouse: resource type AWS::Redshift::Cluster is not supported (local/stack/local-services.ts)',
      ]),
    );
  });

  it('names the resource and the property an emulator does not know', () => {
    const { all } = deploy({ Items: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1, Sparkle: true } } });
    expect(() => all(kinesisStream)).toThrow(/Items \(AWS::Kinesis::Stream\): .*Sparkle/);
  });

  it('names the resource whose property has a value that is not emulated', () => {
    const { all } = deploy({
      Items: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { AttributeDefinitions: [], KeySchema: [{ AttributeName: 'a', KeyType: 'OTHER' }] },
      },
    });
    expect(() => all(dynamodbTable)).toThrow(/Items \(AWS::DynamoDB::Table\): KeySchema: 0: KeyType/);
  });

  it('gives names and ARNs the way CloudFormation would', () => {
    const { physical } = deploy({
      Own: {
        Type: 'AWS::Kinesis::Stream',
        Properties: { Name: { 'Fn::Join': ['-', ['own', { Ref: 'AWS::Region' }]] } },
      },
      Made: { Type: 'AWS::Kinesis::Stream' },
    });
    expect([physical('Own'), physical('Made')]).toEqual([
      { ref: 'own-eu-west-1', attributes: { Arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/own-eu-west-1' } },
      { ref: 'demo-Made', attributes: { Arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/demo-Made' } },
    ]);
  });

  it('tells which emulated types nobody took, so that none is skipped silently', () => {
    const deployment = deploy({ S: { Type: 'AWS::Kinesis::Stream' }, R: { Type: 'AWS::IAM::Role' } });
    const before = deployment.untaken();
    deployment.all(kinesisStream);
    expect([before, deployment.untaken()]).toEqual([['AWS::Kinesis::Stream'], []]);
  });
});

describe('resource types', () => {
  it('lists each type once, and gives every inert one a reason', () => {
    const types = resourceTypes.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(resourceTypes.filter((kind) => 'inert' in kind && kind.inert.length < 10)).toEqual([]);
  });
});
