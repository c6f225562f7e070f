import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

it.each([
  ['ExpiredTokenException', 'The security token included in the request is expired'],
  ['ExpiredToken', 'The security token included in the request is expired'],
  ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  ['CredentialsProviderError', 'Could not load credentials from any providers'],
])('a command that AWS refuses with %s says what to set instead of where it failed', async (name, message) => {
  const failing = `
    const { runCommand } = await import('./cli/command-line/run-command.ts');
    await runCommand(async () => { throw Object.assign(new Error('${message}'), { name: '${name}' }); }, '');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', failing], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const remedy = 'set AWS_REGION and AWS_PROFILE (or log in with aws sso login) for the account of the stage';
  expect([said, status]).toEqual([`${message}: ${remedy}\n`, 1]);
});

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
