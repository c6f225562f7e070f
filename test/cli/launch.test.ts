import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url);
const { scripts, engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('the launcher of the npm scripts', () => {
  it('says in one sentence that a Node without TypeScript is too old', () => {
    // An old Node differs in this: it cannot strip types.
    const old = run('--no-strip-types', 'cli/launch.mjs', 'cli/tag.ts', '--help');
    expect(old).toEqual({
      status: 1,
      stdout: '',
      stderr: `Wattstream needs Node 22.18 or newer and this is Node ${process.versions.node}: run npm ci without --ignore-scripts, which installs the pinned Node, or use a newer one.\n`,
    });
  });

  it('runs a file as if Node had been given it, with its arguments', () => {
    const help = run('cli/launch.mjs', 'cli/tag.ts', '--help');
    expect(help).toEqual({ status: 0, stdout: expect.stringContaining('Usage: npm run tag'), stderr: '' });
    expect(run('cli/launch.mjs', 'cli/tag.ts', '--dance').stderr).toContain('--dance');
  });

  it('names the oldest Node that package.json allows', () => {
    expect(engines.node).toMatch(/^>=22\.18\.0 /);
  });

  it('starts every npm script that runs TypeScript, and the CDK app', () => {
    const direct = Object.entries<string>(scripts).filter(([, command]) => /\bnode (?!cli\/launch\.mjs)/.test(command));
    expect(direct).toEqual([]);
    // Without exec the shell between npm and Node would take a signal for itself, and leave Node behind.
    const behindShell = Object.entries<string>(scripts).filter(([, command]) => /^node .*\.ts/.test(command));
    expect(behindShell).toEqual([]);
    const { app } = JSON.parse(readFileSync(new URL('cdk.json', root), 'utf8'));
    expect(app).toBe('node cli/launch.mjs bin/app.ts');
  });
});
