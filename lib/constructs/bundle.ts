import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Some dependencies are CommonJS and ask for node's own modules: an ES module has to bring them a `require`. */
const requireForCommonJs = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

export type Bundle = {
  /** Folders of `lambdas/`, sorted. */
  readonly names: readonly string[];
  /** The deployable code of one of them; its entry file is `handler.mjs`. */
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
 * One esbuild call reads shared modules once: a call per function made synthesis several times slower.
 */
export const bundle = (outdir: string): Bundle => {
  const names = lambdaNames();
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/handler`, `lambdas/${name}/handler.ts`])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: requireForCommonJs },
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return {
    names,
    code: (name) => {
      if (!names.includes(name)) throw new Error(`There is no lambdas/${name}/handler.ts`);
      return Code.fromAsset(join(outdir, name));
    },
  };
};
