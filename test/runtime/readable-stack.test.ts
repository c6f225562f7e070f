import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { readableStack } from '../../runtime/readable-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'wattstream-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The error a function of ours throws, minified as functions are deployed. */
const thrown = (sourcemap: boolean): Error => {
  const source = join(folder, 'charge.ts');
  const outfile = join(folder, `handler-${sourcemap}.cjs`);
  writeFileSync(
    source,
    "const chargeCar = (): never => {\n  throw new Error('no current');\n};\nexport const handler = () => chargeCar();\n",
  );
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'cjs',
    minify: true,
    ...(sourcemap && { sourcemap: 'external', sourcesContent: false }),
  });
  try {
    createRequire(import.meta.url)(outfile).handler();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('Nothing was thrown');
};

describe('the stack of a failure', () => {
  it('names the file and line of the source, where its map lies beside the bundle', () => {
    expect(readableStack(thrown(true))?.[0]).toMatch(/^at \S* ?\(?charge\.ts:2:9\)?$/);
  });

  it('is what it is without a map', () => {
    expect(readableStack(thrown(false))?.[0]).toMatch(/handler-false\.cjs:\d+:\d+\)?$/);
  });

  it('is bounded, and tells no message: that may hold what a charger sent', () => {
    const error = new Error('secret\n of two lines');
    expect(readableStack(error)?.length).toBeLessThanOrEqual(8);
    expect(readableStack(error)?.join(' ')).not.toContain('secret');
  });
});
