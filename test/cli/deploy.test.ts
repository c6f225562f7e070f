import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { close, listen, urlAt } from '../../local/http/http-server.ts';

type Account = {
  /** Of every quota that is asked for. */
  readonly allowed: number;
  /** What cdk ends with. */
  readonly cdkExit: number;
  /** How the stack stands, before cdk and after it. */
  readonly status?: string;
  /** Name of a stack that is there already, and the context it was deployed with. */
  readonly deployed?: string;
  readonly context?: object;
};

const listed = `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult>
<StackResourceSummaries><member><ResourceType>AWS::DynamoDB::Table</ResourceType><PhysicalResourceId>stations</PhysicalResourceId>
</member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

const answered = (content: string): string => `<DescribeStacksResponse
xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>${content}</member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>`;
const stackOf = ({ status = 'UPDATE_COMPLETE' }: Account): string => `<StackStatus>${status}</StackStatus>`;
const outputsOf = ({ context }: Account): string => {
  const all = { OcppUrl: 'wss://x', ...(context && { Context: JSON.stringify(context) }) };
  const members = Object.entries(all).map(
    ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`,
  );
  return `<Outputs>${members.map((member) => `<member>${member}</member>`).join('')}</Outputs>`;
};

/** What is asked of AWS, and the answer. */
const called = async (request: IncomingMessage, account: Account): Promise<{ call: string; answer: string }> => {
  const { allowed, deployed } = account;
  const body = await text(request);
  const form = new URLSearchParams(body);
  const action = form.get('Action') ?? String(request.headers['x-amz-target']).split('.').at(-1);
  switch (action) {
    case 'DescribeStacks': {
      const name = form.get('StackName');
      return {
        call: `${action} ${name}`,
        answer: answered(stackOf(account) + (name === deployed ? outputsOf(account) : '')),
      };
    }
    case 'GetServiceQuota':
      return { call: action, answer: JSON.stringify({ Quota: { Value: allowed } }) };
    case 'UpdateTerminationProtection':
      return { call: `${action} ${form.get('StackName')} ${form.get('EnableTerminationProtection')}`, answer: '<_/>' };
    case 'ListStackResources':
      return { call: action, answer: listed };
    case 'UpdateTable':
      return { call: `${action} ${body}`, answer: '{}' };
    default:
      throw new Error(`Not asked for: ${action}`);
  }
};

/** `npm run deploy` in an account, with a cdk that only notes that it was called: all calls in their order. */
const deploy = async (account: Account, ...args: string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  const notes = join(folder, 'notes');
  writeFileSync(notes, '');
  writeFileSync(join(folder, 'cdk'), `#!/bin/sh\necho "cdk $*" >> '${notes}'\nexit ${account.cdkExit}\n`);
  chmodSync(join(folder, 'cdk'), 0o755);
  const server = createServer((request, response) => {
    called(request, account).then(({ call, answer }) => {
      appendFileSync(notes, `${call}\n`);
      response.end(answer);
    }, response.destroy.bind(response));
  });
  const port = await listen(server);
  onTestFinished(() => close(server));
  const child = spawn(process.execPath, ['cli/deploy.ts', ...args], {
    env: {
      PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
      AWS_ENDPOINT_URL: urlAt(port),
      // cdk takes it; the SDK alone would have no region.
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    },
  });
  const [said, complained, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { calls: readFileSync(notes, 'utf8').trimEnd().split('\n'), said, complained, status };
};

const checksOf = (other: string): string[] => [
  `DescribeStacks wattstream-${other}`,
  `DescribeStacks wattstream-${other === 'dev' ? 'prod' : 'dev'}`,
  'GetServiceQuota',
  'GetServiceQuota',
];

describe('npm run deploy', () => {
  it('asks for the quotas, deploys, and then protects stack and tables', async () => {
    const { calls, said, status } = await deploy({ allowed: 1_000, cdkExit: 0 }, '--stage', 'prod', '--verbose');
    expect(calls).toEqual([
      ...checksOf('dev'),
      'cdk deploy -c stage=prod --verbose',
      'DescribeStacks wattstream-prod',
      'UpdateTerminationProtection wattstream-prod true',
      'ListStackResources',
      'UpdateTable {"TableName":"stations","DeletionProtectionEnabled":true}',
    ]);
    expect([said, status]).toEqual(['The stack and its 1 tables are protected against deletion.\n', 0]);
  });

  it('protects nothing after a first deployment that failed: the next one could not begin', async () => {
    const account = { allowed: 1_000, cdkExit: 3, status: 'ROLLBACK_COMPLETE' };
    const { calls, status } = await deploy(account, '--stage', 'prod');
    const asked = [...checksOf('dev'), 'cdk deploy -c stage=prod', 'DescribeStacks wattstream-prod'];
    expect([calls, status]).toEqual([asked, 3]);
  });

  it('protects nothing after a first deployment that only makes a change set', async () => {
    const account = { allowed: 1_000, cdkExit: 0, status: 'REVIEW_IN_PROGRESS' };
    const { calls, said, status } = await deploy(account, '--stage', 'prod', '--no-execute');
    const asked = [...checksOf('dev'), 'cdk deploy -c stage=prod --no-execute', 'DescribeStacks wattstream-prod'];
    expect([calls, status]).toEqual([asked, 0]);
    expect(said).toBe('wattstream-prod is not protected against deletion: it was not deployed yet.\n');
  });

  it('protects the stack again after a later deployment that failed, as cdk took that away', async () => {
    const account = { allowed: 1_000, cdkExit: 3, status: 'UPDATE_ROLLBACK_COMPLETE' };
    const { calls, said, status } = await deploy(account, '--stage', 'prod');
    expect(calls).toEqual([
      ...checksOf('dev'),
      'cdk deploy -c stage=prod',
      'DescribeStacks wattstream-prod',
      'UpdateTerminationProtection wattstream-prod true',
    ]);
    expect([said, status]).toEqual(['', 3]);
  });

  it('protects nothing of a stage whose data may go', async () => {
    const { calls, status } = await deploy({ allowed: 1_000, cdkExit: 0 });
    expect([calls, status]).toEqual([[...checksOf('prod'), 'cdk deploy -c stage=dev'], 0]);
  });

  it('does not begin in an account that allows less than the stage needs, and says how to ask for more', async () => {
    const { calls, complained, status } = await deploy({ allowed: 10, cdkExit: 0 }, '--stage', 'prod');
    expect([calls, status]).toEqual([checksOf('dev'), 1]);
    expect(complained).toContain('The account allows 10 Lambda executions at a time, the stage needs 500: aws service');
    expect(complained).toContain('Nothing was deployed.');
  });

  it('does not begin beside another stage, whose chargers it would hear', async () => {
    const account = { allowed: 1_000, cdkExit: 0, deployed: 'wattstream-dev' };
    const { calls, complained, status } = await deploy(account, '--stage', 'prod');
    expect([calls, status]).toEqual([['DescribeStacks wattstream-dev'], 1]);
    expect(complained).toContain('Stage dev is in this account and region');
  });

  it('deploys beside another stage when told to', async () => {
    const account = { allowed: 1_000, cdkExit: 0, deployed: 'wattstream-prod' };
    const { calls, status } = await deploy(account, '--beside-other-stages');
    const [, ...checks] = checksOf('prod');
    expect([calls, status]).toEqual([[...checks, 'cdk deploy -c stage=dev'], 0]);
  });

  it('does not begin without what the stage was deployed with, as its domain would be taken away', async () => {
    const context = { domain: 'ocpp.example.com', openAdr: 'on' };
    const account = { allowed: 1_000, cdkExit: 0, deployed: 'wattstream-dev', context };
    const { calls, complained, status } = await deploy(account, '-c', 'openAdr=off');
    expect([calls, status]).toEqual([checksOf('prod').slice(0, 2), 1]);
    expect(complained).toContain('Stage dev was deployed with -c domain=ocpp.example.com: name that again');
  });

  it.each([
    ['when it is named again', ['-c', 'domain=ocpp.example.org']],
    ['when told to', ['--drop-context']],
  ])('deploys a stage that was deployed with context %s', async (_, args) => {
    const account = { allowed: 1_000, cdkExit: 0, deployed: 'wattstream-dev', context: { domain: 'ocpp.example.com' } };
    const { calls, status } = await deploy(account, ...args);
    const passedOn = args.filter((argument) => argument !== '--drop-context');
    expect([calls.at(-1), status]).toEqual([['cdk deploy -c stage=dev', ...passedOn].join(' '), 0]);
  });

  it('deploys there all the same when told to', async () => {
    const { calls, said } = await deploy({ allowed: 10, cdkExit: 0 }, '--ignore-quotas');
    expect(calls).toEqual([...checksOf('prod'), 'cdk deploy -c stage=dev']);
    expect(said).toContain('The account allows 10 Lambda executions at a time, the stage needs 50');
  });
});
