import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { protectStack, protectTables } from '../../../aws/deployment/protect-stack.ts';

const table = (PhysicalResourceId: string) => ({ ResourceType: 'AWS::DynamoDB::Table', PhysicalResourceId });

/** CloudFormation with one stack of a status, which has two pages of resources; it notes what is changed. */
class Recorded extends CloudFormationClient {
  readonly changes: unknown[] = [];
  readonly #StackStatus: string | undefined;
  constructor(StackStatus?: string) {
    super({ region: 'eu-west-1' });
    this.#StackStatus = StackStatus;
  }
  // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
  override send = async (command: unknown): Promise<any> => {
    if (command instanceof UpdateTerminationProtectionCommand) return this.changes.push(command.input);
    if (command instanceof DescribeStacksCommand) {
      if (this.#StackStatus !== undefined) return { Stacks: [{ StackStatus: this.#StackStatus }] };
      throw Object.assign(new Error('Stack with id wattstream-prod does not exist'), { name: 'ValidationError' });
    }
    if (!(command instanceof ListStackResourcesCommand)) throw new Error('Not asked for');
    const pages = [
      [table('stations'), { ResourceType: 'AWS::SQS::Queue', PhysicalResourceId: 'queue' }],
      [table('tags')],
    ];
    const at = Number(command.input.NextToken ?? 0);
    return { StackResourceSummaries: pages[at], ...(at === 0 && { NextToken: '1' }) };
  };
}

describe('protectStack', () => {
  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'])(
    'protects a stack that was deployed once: %s',
    async (status) => {
      const cloudformation = new Recorded(status);
      const isProtected = await protectStack('wattstream-prod', cloudformation);
      expect([isProtected, cloudformation.changes]).toEqual([
        true,
        [{ StackName: 'wattstream-prod', EnableTerminationProtection: true }],
      ]);
    },
  );

  it.each([undefined, 'REVIEW_IN_PROGRESS', 'CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED'])(
    'leaves alone what has to be deleted before a first deployment can begin again: %s',
    async (status) => {
      const cloudformation = new Recorded(status);
      const isProtected = await protectStack('wattstream-prod', cloudformation);
      expect([isProtected, cloudformation.changes]).toEqual([false, []]);
    },
  );
});

describe('protectTables', () => {
  it('protects every table of every page of the resources, and nothing else', async () => {
    const changes: unknown[] = [];
    const dynamodb = {
      // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
      send: async (command: any) => command instanceof UpdateTableCommand && changes.push(command.input),
    };
    // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
    const tables = await protectTables('wattstream-prod', new Recorded('UPDATE_COMPLETE'), dynamodb as any);
    expect([tables, changes]).toEqual([
      ['stations', 'tags'],
      [
        { TableName: 'stations', DeletionProtectionEnabled: true },
        { TableName: 'tags', DeletionProtectionEnabled: true },
      ],
    ]);
  });
});
