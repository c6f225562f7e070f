import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../cli/command-line/problem.ts';
import { readOptions } from '../../cli/command-line/program-options.ts';

const root = new URL('../..', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** The TypeScript files behind the npm scripts. */
const programs = Object.entries<string>(scripts)
  .map(([name, command]) => [name, /launch\.mjs (\S+\.ts)/.exec(command)?.[1] ?? ''] as const)
  .filter(([, file]) => file !== '');

const run = (file: string, word: string) =>
  new Promise<{ readonly code: number | string | null; readonly stdout: string; readonly stderr: string }>(
    (resolve) => {
      execFile(process.execPath, ['cli/launch.mjs', file, word], { cwd: root }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    },
  );

describe('every program', () => {
  it.each([...programs, ['the fleet', 'simulator/fleet.ts'] as const])(
    '(%s) prints its usage for --help, and what is wrong for an option it does not know',
    async (_, file) => {
      const [help, wrong] = await Promise.all([run(file, '--help'), run(file, '--no-such-option')]);
      expect(help).toEqual({ code: 0, stdout: expect.stringMatching(/^Usage: /), stderr: '' });
      if (file === 'cli/deploy.ts') return; // What it does not know is for cdk deploy.
      const said = wrong.stdout + wrong.stderr;
      expect([wrong.code === 0, said]).toEqual([false, expect.stringMatching(/--no-such-option[\s\S]*Usage: /)]);
      expect(said).not.toMatch(/^\s+at /m);
    },
  );
});

describe('options', () => {
  const kinds = {
    json: { type: 'flag' },
    seed: { type: 'text' },
    stage: { type: 'text', otherwise: 'dev' },
    stations: { type: 'number', otherwise: 40, from: 1 },
    rate: { type: 'number', otherwise: 4, from: 0.5, isFraction: true },
  } as const;

  it('that are left out have their defaults', () => {
    expect(readOptions(kinds, [])).toEqual({
      values: { json: false, seed: undefined, stage: 'dev', stations: 40, rate: 4 },
      words: [],
    });
  });

  it('are read as what they are', () => {
    const argv = ['--json', '--seed', 'a', 'file', '--stations', '7', '--rate', '0.5'];
    expect(readOptions(kinds, argv, 1)).toEqual({
      values: { json: true, seed: 'a', stage: 'dev', stations: 7, rate: 0.5 },
      words: ['file'],
    });
  });

  it.each([
    ['a number that is none', ['--stations', 'many']],
    ['a number that is too small', ['--stations', '0']],
    ['a number without end', ['--rate', 'Infinity']],
    ['a fraction of a whole number', ['--stations', '1.5']],
    ['nothing for a number', ['--stations', '']],
    ['a word too many', ['file', 'another']],
  ])('(%s) are a problem that can be put right', (_, argv) => {
    expect(() => readOptions(kinds, argv, 1)).toThrow(Problem);
  });
});
