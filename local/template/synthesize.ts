import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { localClient, localIssuer } from '../appsync/token-issuer.ts';
import { LocalProblem } from '../local-problem.ts';

const root = join(import.meta.dirname, '../..');

/** Everything the template and its assets are made of. */
const sources = [
  'bin',
  'lib',
  'lambdas',
  'use-cases',
  'async',
  'runtime',
  'aws',
  'ocpp',
  'domain',
  'graphql',
  'package-lock.json',
];

/** Names, sizes and times of the sources: reading half a thousand files would take longer than asking for their dates. */
const fingerprint = (context: string): string => {
  const hash = createHash('sha256').update(context);
  for (const source of sources) {
    const path = join(root, source);
    if (!existsSync(path)) continue;
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : [path];
    for (const file of files) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
};

/** An assembly that was made so long before the current one is run by nobody any more, ms. */
const FORGOTTEN_MS = 24 * 3_600_000;

const removeFormer = (folder: string, current: string): void => {
  const forgottenAt = statSync(current).mtimeMs - FORGOTTEN_MS;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!name.startsWith('cdk.out') || path === current || statSync(path).mtimeMs > forgottenAt) continue;
    rmSync(path, { recursive: true, force: true });
  }
};

/**
 * The cloud assembly of bin/app.ts below `folder`, made anew only when a source or the context changed since the last time.
 * It takes tokens of this machine's issuer. Without a context windows are kept in Timestream, which only the local runtime
 * still gives to everybody. Several processes may ask at once: an assembly is put in its place when it is complete, under a
 * name that its sources decide, and stays as it is.
 * Throws a LocalProblem with the app's own message when it does not synthesize.
 */
export const synthesize = async (
  folder: string,
  context: Readonly<Record<string, string>> = { windowStore: 'timestream' },
): Promise<string> => {
  const contextJson = JSON.stringify({ tokenIssuer: localIssuer, tokenClient: localClient, ...context });
  // The app runs in the project's folder, wherever this process does.
  const outdir = resolve(folder, `cdk.out-${fingerprint(contextJson).slice(0, 16)}`);
  if (existsSync(outdir)) return outdir;
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(`${outdir}-`);
  try {
    await runApp(own, contextJson);
    renameSync(own, outdir);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(outdir)) throw error;
  }
  removeFormer(resolve(folder), outdir);
  return outdir;
};

const runApp = (outdir: string, contextJson: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'app.ts')], {
      cwd: root,
      // Only CloudFormation needs what the CDK checks of it, which takes seconds; `npm run synth` does check.
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: contextJson, CDK_VALIDATION: 'false' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Whatever ends this process ends the synthesis.
    const killNow = () => child.kill('SIGKILL');
    process.once('exit', killNow);
    child.once('exit', () => process.removeListener('exit', killNow));
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(
            new LocalProblem('The CDK app does not synthesize', complaint.trim() || 'Run npm run synth to see why'),
          ),
    );
  });
