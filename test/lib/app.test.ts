import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
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
const LambdaProperties = z.object({
  Description: z.string(),
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
});

/** Names a bundled module exports. */
const exportsOf = (file: string): string[] => {
  const { metafile } = buildSync({
    entryPoints: [file],
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'error',
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
};

let run: { readonly status: number | null; readonly stderr: string };
beforeAll(() => {
  run = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: root,
    // No network, no account, no command-line tool: nothing but the folder to write to. The template is validated.
    env: { PATH: process.env.PATH, CDK_OUTDIR: outdir },
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

  it('bundles every Lambda into one file', () => {
    const files = lambdaNames().map((name) => [name, readdirSync(join(outdir, 'bundle', name))]);
    expect(files).toEqual(lambdaNames().map((name) => [name, ['handler.mjs']]));
  });

  it('names handlers that the bundles really export', () => {
    const missing = lambdas().filter(({ Handler, Code }) => {
      const [file, exported = ''] = Handler.split('.');
      return !exportsOf(join(assetOf(Code.S3Key), `${file}.mjs`)).includes(exported);
    });
    expect(lambdas().length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  it('deploys everything the bundles export', () => {
    const deployed = lambdas().map(({ Description }) => Description);
    const exported = readdirSync(join(outdir, 'bundle')).flatMap((name) =>
      exportsOf(join(outdir, 'bundle', name, 'handler.mjs')).map((one) => `${name}.${one}`),
    );
    expect(deployed.toSorted()).toEqual(exported.toSorted());
  });
});
