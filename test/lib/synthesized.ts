import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type Bundle, lambdaNames } from '../../lib/constructs/bundle.ts';
import { cdkApp, wattstreamApp } from '../../lib/wattstream-app.ts';

// The construct library's own look at the template takes most of a synthesis; app.test.ts has it once.
process.env.CDK_VALIDATION = 'false';

/** Code that costs no bundling: what these tests look at is around it. */
export const unbundled = (): Bundle => ({ names: lambdaNames(), code: () => Code.fromInline('// not looked at') });

export type Synthesized = { readonly app: App; readonly stack: Stack; readonly template: Template };

/** The app of a stage, synthesized without bundling into a folder that is removed again. */
export const synthesized = (context: Readonly<Record<string, string>>): Synthesized => {
  const outdir = mkdtempSync(join(tmpdir(), 'wattstream-synth-'));
  try {
    const { app, stack } = wattstreamApp({
      app: cdkApp({ outdir, context }),
      now: Date.UTC(2026, 10, 20),
      bundleLambdas: unbundled,
    });
    return { app, stack, template: Template.fromStack(stack) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
