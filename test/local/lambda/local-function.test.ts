import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InvocationFailed, type LocalFunction, localFunction } from '../../../local/lambda/local-function.ts';
import { localSystem } from '../../../local/local-system.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-lambda-'));
writeFileSync(
  join(folder, 'handler.mjs'),
  `import { threadId } from 'node:worker_threads';
   export const echo = async (event, context) => ({ event, greeting: process.env.GREETING, name: context.functionName, thread: threadId });
   export const fail = async () => { throw new TypeError('bad input'); };
   export const hang = async (event) => event.hang ? new Promise(() => {}) : threadId;
   export const crash = async (event) => event.crash ? process.exit(3) : 'alive';
   export const chatty = async () => { console.log('one\\ntwo'); };`,
);
writeFileSync(join(folder, 'broken.mjs'), `throw new Error('module is broken');`);
const started: LocalFunction[] = [];
const lines: string[] = [];
const make = (handler: string, timeoutMs = 5_000): LocalFunction => {
  const made = localFunction(
    {
      functionName: 'demo',
      functionArn: 'arn:demo',
      folder,
      handler,
      timeoutMs,
      memoryMiB: 128,
      environment: { GREETING: 'hello' },
    },
    { log: (_source, line) => lines.push(line), system: localSystem },
  );
  started.push(made);
  return made;
};
afterAll(async () => {
  await Promise.all(started.map((one) => one.stop()));
  rmSync(folder, { recursive: true });
});

describe('lambda', () => {
  it('runs the handler in its own thread with its own environment', async () => {
    process.env.GREETING = 'not for the function';
    const result = await make('handler.echo').invoke({ a: 1, gone: undefined });
    expect(result).toEqual({ event: { a: 1 }, greeting: 'hello', name: 'demo', thread: expect.any(Number) });
  });

  it('fails the invocation with the type and message of what the handler threw', async () => {
    const failure = await make('handler.fail')
      .invoke({})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvocationFailed);
    expect(failure).toMatchObject({ errorType: 'TypeError', message: 'bad input', functionName: 'demo' });
  });

  it('times out and goes on in a fresh thread', async () => {
    const one = make('handler.hang', 2_000);
    const before = await one.invoke({});
    const failure = await one.invoke({ hang: true }).catch((error: unknown) => error);
    const after = await one.invoke({});
    expect(failure).toMatchObject({ errorType: 'Sandbox.Timedout', message: 'Task timed out after 2.00 seconds' });
    expect(after).not.toBe(before);
  });

  it('restarts after its process ended', async () => {
    const one = make('handler.crash');
    const failure = await one.invoke({ crash: true }).catch((error: unknown) => error);
    expect([failure, await one.invoke({})]).toMatchObject([{ errorType: 'Runtime.ExitError' }, 'alive']);
  });

  it('says why a module cannot be loaded', async () => {
    await expect(make('broken.handler').invoke({})).rejects.toThrow('module is broken');
    await expect(make('handler.missing').warm()).rejects.toThrow("exports no function 'missing'");
  });

  it('passes on what the handler prints, line by line', async () => {
    const one = make('handler.chatty');
    await one.invoke({});
    await one.stop();
    expect(lines).toEqual(expect.arrayContaining(['one', 'two']));
  });
});
