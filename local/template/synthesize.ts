import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
const fingerprint = (): string => {
  const hash = createHash('sha256');
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

/**
 * The cloud assembly of bin/app.ts below `folder`, made anew only when a source changed since the last time.
 * Throws a LocalProblem with the app's own message when it does not synthesize.
 */
export const synthesize = async (folder: string): Promise<string> => {
  const outdir = join(folder, 'cdk.out');
  const note = join(folder, 'synthesized');
  const current = fingerprint();
  if (existsSync(join(outdir, 'manifest.json')) && existsSync(note) && readFileSync(note, 'utf8') === current)
    return outdir;
  mkdirSync(folder, { recursive: true });
  rmSync(note, { force: true });
  rmSync(outdir, { recursive: true, force: true });
  await runApp(outdir);
  writeFileSync(note, current);
  return outdir;
};

const runApp = (outdir: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'app.ts')], {
      cwd: root,
      env: { ...process.env, CDK_OUTDIR: outdir },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
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
