/**
 * Runs a TypeScript file of the project: node cli/launch.mjs FILE.ts [ARGUMENTS]. Without a file it only checks Node.
 * Plain JavaScript that any Node can read: one too old to run TypeScript gets a sentence instead of a stack trace.
 */
import module from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

if (process.features.typescript) {
  // Compiled code, and TypeScript without its types, is kept from start to start.
  module.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));
  const [node, , file, ...rest] = process.argv;
  if (file !== undefined) {
    const path = resolve(file);
    process.argv = [node, path, ...rest];
    await import(pathToFileURL(path).href);
  }
} else {
  console.error(
    `Wattstream needs Node 22.18 or newer and this is Node ${process.versions.node}: run npm ci without --ignore-scripts, which installs the pinned Node, or use a newer one.`,
  );
  process.exitCode = 1;
}
