import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lambdaNames } from '../../lib/constructs/bundle.ts';

const root = join(import.meta.dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'wattstream-app-'));

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const SourceMap = z.object({ sources: z.array(z.string()) });
const LambdaProperties = z.object({
  Description: z.string(),
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
});

/** Names a bundled module exports: esbuild leaves them in a line for Node, which reads CommonJS without running it. */
const exportsOf = (file: string): string[] =>
  /0&&\(module\.exports=\{([^}]*)\}\)/.exec(readFileSync(file, 'utf8'))?.[1]?.split(',') ?? [];

let run: { readonly status: number | null; readonly stderr: string };
beforeAll(() => {
  run = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: root,
    // No network, no account, no command-line tool: nothing but the folder to write to. The template is validated.
    // With all that can be switched on.
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ openAdr: 'on', sweepSegments: '2' }),
    },
    encoding: 'utf8',
  });
});
afterAll(() => rmSync(outdir, { recursive: true }));

const lambdas = () => {
  const { Resources } = Template.parse(JSON.parse(readFileSync(join(outdir, 'wattstream-dev.template.json'), 'utf8')));
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => LambdaProperties.parse(Properties));
};
const assetOf = (key: string): string => join(outdir, `asset.${key.replace(/\.zip$/, '')}`);

describe('bin/app.ts', () => {
  it('synthesizes by itself, offline, and says only what it assumed about the account', () => {
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/^Windows are kept in DynamoDB: there are no AWS credentials to ask .*\n$/);
  });

  it('bundles every Lambda into one file, with its source map beside it', () => {
    const files = lambdaNames().map((name) => [name, readdirSync(join(outdir, 'bundle', name))]);
    expect(files).toEqual(lambdaNames().map((name) => [name, ['handler.js', 'handler.js.map', 'package.json']]));
  });

  it('names handlers that the bundles really export', () => {
    const missing = lambdas().filter(({ Handler, Code }) => {
      const [file, exported = ''] = Handler.split('.');
      return !exportsOf(join(assetOf(Code.S3Key), `${file}.js`)).includes(exported);
    });
    expect(lambdas().length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  it('bundles no more than a start can pay for: one language of messages, no search for credentials, no HTTP/2', () => {
    const text = (name: string): string => readFileSync(join(outdir, 'bundle', name, 'handler.js'), 'utf8');
    const heavy = { translations: 'Ongeldige', 'single sign-on': 'sso_start_url', 'HTTP/2': 'require("node:http2")' };
    const found = lambdaNames().flatMap((name) =>
      Object.entries(heavy).flatMap(([what, sign]) => (text(name).includes(sign) ? [`${name}: ${what}`] : [])),
    );
    expect(found).toEqual([]);
    const KiB = (name: string): number => Math.round(text(name).length / 1024);
    expect(KiB('authorize-station')).toBeLessThan(300);
    expect(KiB('answer-ocpp')).toBeLessThan(1_150);
  });

  it('bundles nothing that is only for this machine', () => {
    const rooms = lambdaNames().flatMap((name) => {
      const folder = join(outdir, 'bundle', name);
      const { sources } = SourceMap.parse(JSON.parse(readFileSync(join(folder, 'handler.js.map'), 'utf8')));
      return sources
        .filter((source) => !source.includes('node_modules/'))
        .map((source) => relative(root, resolve(folder, source)).split('/')[0]);
    });
    expect([...new Set(rooms)].toSorted()).toEqual([
      'async',
      'aws',
      'domain',
      'lambdas',
      'lib',
      'ocpp',
      'runtime',
      'use-cases',
    ]);
  });

  it('bundles a function with at least one handler from every folder', () => {
    const empty = lambdaNames().filter((name) => exportsOf(join(outdir, 'bundle', name, 'handler.js')).length === 0);
    expect(empty).toEqual([]);
  });

  it('deploys everything the bundles export', () => {
    const deployed = lambdas().map(({ Description }) => Description);
    const exported = readdirSync(join(outdir, 'bundle')).flatMap((name) =>
      exportsOf(join(outdir, 'bundle', name, 'handler.js')).map((one) => `${name}.${one}`),
    );
    expect(deployed.toSorted()).toEqual(exported.toSorted());
  });
});
