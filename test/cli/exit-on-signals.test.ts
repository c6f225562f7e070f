import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

/** A program that makes its folder, names it and then works until it is ended. */
const program = `
  const { exitOnSignals } = await import('./cli/command-line/exit-on-signals.ts');
  const { temporaryFolder } = await import('./cli/command-line/temporary-folder.ts');
  exitOnSignals();
  console.log(temporaryFolder('wattstream-test-'));
  setInterval(() => {}, 1000);
`;

describe('a program that is ended by a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('exits at once on %s, and leaves no folder behind', async (signal, code) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [folder] = await once(createInterface({ input: child.stdout }), 'line');
    expect(existsSync(folder)).toBe(true);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(existsSync(folder)).toBe(false);
  });
});
