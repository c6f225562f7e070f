import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

/** A command that prints more than a pipe holds, and has something to do after it. */
const program = `
  const { runCommand } = await import('./cli/command-line/run-command.ts');
  await runCommand(async (argv, print) => {
    for (let line = 0; line < 100; line += 1) {
      print('x'.repeat(10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.error('done');
  }, '');
`;

it('a command whose reader has enough of its lines does the rest of its work all the same', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const said = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect([await said, await ended]).toEqual(['done\n', [0, null]]);
});
