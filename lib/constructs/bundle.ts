import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Parts of dependencies that cost every start and that nothing here calls, and what takes their place. */
const substitutes = {
  '@aws-sdk/credential-provider-node': join(root, 'lib/lambda-bundle/credentials.js'),
  'node:http2': join(root, 'lib/lambda-bundle/no-http2.cjs'),
};

export type Bundle = {
  /** Folders of `lambdas/`, sorted. */
  readonly names: readonly string[];
  /** The deployable code of one of them; its entry file is `handler.js`. */
  readonly code: (name: string) => Code;
};

/** Folders of `lambdas/` that hold a handler. */
export const lambdaNames = (folder = join(root, 'lambdas')): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'handler.ts')))
    .map((entry) => entry.name)
    .sort();

/**
 * Bundles every Lambda in one go, each into its own folder below `outdir`.
 * One esbuild call reads shared modules once: a call per function made synthesis several times slower. CommonJS, because an
 * ES module that imports node:http makes Node load all that module offers, its WebSocket client included: 17 ms a start.
 * Source maps lie beside the code for `runtime/readable-stack.ts`, which reads them when something has failed.
 */
export const bundle = (outdir: string): Bundle => {
  const names = lambdaNames();
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/handler`, `lambdas/${name}/handler.ts`])),
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: substitutes,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
  });
  // This repository's own says that a .js file is an ES module.
  for (const name of names) writeFileSync(join(outdir, name, 'package.json'), '{"type":"commonjs"}\n');
  return {
    names,
    code: (name) => {
      if (!names.includes(name)) throw new Error(`There is no lambdas/${name}/handler.ts`);
      return Code.fromAsset(join(outdir, name));
    },
  };
};
