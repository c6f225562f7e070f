import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { close, listen, loopback, urlAt } from '../../local/http/http-server.ts';

const app = join(import.meta.dirname, '../../bin/app.ts');
const known = 'wattstream:windowStore:account=111122223333:region=eu-west-1';
const closed = {
  __type: 'AccessDeniedException',
  message: 'Only existing Timestream customers can access the service',
};

const answers: Readonly<Record<string, object>> = {
  DescribeEndpoints: { Endpoints: [{ Address: loopback, CachePeriodInMinutes: 1_440 }] },
  ListDatabases: { Databases: [] },
};

/** An account in whose region Timestream answers, or is closed. */
const account = async (isOpen: boolean) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    asked.push(operation);
    response.writeHead(isOpen ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isOpen ? answers[operation] : closed));
  });
  const port = await listen(server);
  onTestFinished(() => close(server));
  const folder = mkdtempSync(join(tmpdir(), 'asked-'));
  const memory = join(folder, 'cdk.context.json');
  /** Synthesizes as the CDK's command line has it done, which hands over what is remembered. */
  const synthesize = async () => {
    const remembered = existsSync(memory) ? readFileSync(memory, 'utf8') : '{}';
    const child = spawn(process.execPath, [app], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: join(folder, 'cdk.out'),
        CDK_CONTEXT_JSON: remembered,
        CDK_VALIDATION: 'false',
        CDK_DEFAULT_ACCOUNT: '111122223333',
        CDK_DEFAULT_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL: urlAt(port),
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
      },
    });
    const [says, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    const template = readFileSync(join(folder, 'cdk.out/wattstream-dev.template.json'), 'utf8');
    return { says, status, hasTimestream: template.includes('AWS::Timestream::Table') };
  };
  return { synthesize, asked, memory };
};

it.each([
  [true, 'timestream'],
  [false, 'dynamodb'],
] as const)('asks the account once where windows may be kept, and remembers it (open: %s)', async (isOpen, store) => {
  const { synthesize, asked, memory } = await account(isOpen);
  const first = await synthesize();
  expect(asked.length).toBeGreaterThan(0);
  expect(JSON.parse(readFileSync(memory, 'utf8'))).toEqual({ [known]: store });
  asked.length = 0;
  const second = await synthesize();
  expect([first.status, first.hasTimestream, second, asked]).toEqual([
    0,
    isOpen,
    { says: '', status: 0, hasTimestream: isOpen },
    [],
  ]);
  expect(first.says).toMatch(new RegExp(`^Windows are kept in ${store}: .*Remembered in cdk.context.json`));
});
