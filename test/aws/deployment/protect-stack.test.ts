import {
  CloudFormationClient,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { protectStack } from '../../../aws/deployment/protect-stack.ts';

const table = (PhysicalResourceId: string) => ({ ResourceType: 'AWS::DynamoDB::Table', PhysicalResourceId });

it('protects the stack and every table of every page of its resources, and nothing else', async () => {
  const changes: unknown[] = [];
  const pages = [
    [table('stations'), { ResourceType: 'AWS::SQS::Queue', PhysicalResourceId: 'queue' }],
    [table('tags')],
  ];
  class Recorded extends CloudFormationClient {
    // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
    override send = async (command: unknown): Promise<any> => {
      if (command instanceof UpdateTerminationProtectionCommand) return changes.push(command.input);
      if (!(command instanceof ListStackResourcesCommand)) throw new Error('Not asked for');
      const at = Number(command.input.NextToken ?? 0);
      return { StackResourceSummaries: pages[at], ...(at === 0 && { NextToken: '1' }) };
    };
  }
  const dynamodb = {
    // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
    send: async (command: any) => command instanceof UpdateTableCommand && changes.push(command.input),
  };
  // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
  const tables = await protectStack('wattstream-prod', new Recorded({ region: 'eu-west-1' }), dynamodb as any);
  expect([tables, changes]).toEqual([
    ['stations', 'tags'],
    [
      { StackName: 'wattstream-prod', EnableTerminationProtection: true },
      { TableName: 'stations', DeletionProtectionEnabled: true },
      { TableName: 'tags', DeletionProtectionEnabled: true },
    ],
  ]);
});
