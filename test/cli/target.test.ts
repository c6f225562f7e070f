import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stackOutputs } from '../../aws/stack-outputs.ts';
import { localStack } from '../../cli/command-line/target.ts';

describe('the local stack', () => {
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'wattstream-target-')), 'local.json');
  });
  afterEach(() => rm(join(file, '..'), { recursive: true }));

  it('is found by the file in which it wrote its environment and outputs', async () => {
    const endpoints = { graphql: 'http://127.0.0.1:9240/graphql' };
    const note = { endpoints, environment: { AWS_REGION: 'local' }, outputs: { StationsTable: 'stations-1' } };
    await writeFile(file, JSON.stringify({ ...note, pid: 1 }));
    expect(await localStack(file)).toEqual(note);
  });

  it('that does not run is named, with the command that starts it', async () => {
    await expect(localStack(file)).rejects.toThrow(/start one with npm start .* or name a deployed stage with --stage/);
  });

  it('that is still starting is told as such', async () => {
    await writeFile(file, '{"pid":1}');
    await expect(localStack(file)).rejects.toThrow('The local stack is still starting');
  });

  it('that was killed while it started does not run', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(file, JSON.stringify({ pid }));
    await expect(localStack(file)).rejects.toThrow('No local stack is running here');
  });

  it.each(['{"outputs":{}}', '{"environ', '', 'null'])(
    'of another version, or cut off, is told from this one: %s',
    async (note) => {
      await writeFile(file, note);
      await expect(localStack(file)).rejects.toThrow('is of another version of Wattstream');
    },
  );
});

describe('a deployed stack', () => {
  const says = (answer: () => unknown) => ({ send: async () => answer() });
  // biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
  const outputs = (answer: () => unknown) => stackOutputs('wattstream-dev', says(answer) as any);

  it('is read by its outputs', async () => {
    const answer = { Stacks: [{ Outputs: [{ OutputKey: 'OcppStream', OutputValue: 's' }] }] };
    expect(await outputs(() => answer)).toEqual({ OcppStream: 's' });
  });

  it('that does not exist is undefined, not an error', async () => {
    const missing = Object.assign(new Error('Stack with id wattstream-dev does not exist'), {
      name: 'ValidationError',
    });
    const found = await outputs(() => {
      throw missing;
    });
    expect(found).toBeUndefined();
  });

  it('that may not be read is an error', async () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    const read = outputs(() => {
      throw denied;
    });
    await expect(read).rejects.toThrow('not authorized');
  });
});
