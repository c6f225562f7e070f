import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accepts, close, listen } from '../../../local/http/http-server.ts';
import { LocalProblem } from '../../../local/local-problem.ts';
import { startLocal } from '../../../local/stack/local-stack.ts';

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
};

describe('a stack whose app does not synthesize', () => {
  it('says why, and leaves no database running that was started meanwhile', async () => {
    const port = await freePort();
    const { promise: assembly, reject } = Promise.withResolvers<string>();
    const starting = startLocal({ assembly, folder: '.wattstream', ports: { 'dynamodb-port': port } });
    await expect.poll(() => accepts(port), { timeout: 30_000 }).toBe(true);
    reject(new LocalProblem('The CDK app does not synthesize', 'Run npm run synth to see why'));
    await expect(starting).rejects.toThrow('does not synthesize');
    expect(await accepts(port)).toBe(false);
  });

  it('says so too where the database cannot start either', async () => {
    const server = createServer();
    const port = await listen(server);
    const assembly = Promise.reject<string>(new LocalProblem('The CDK app does not synthesize', 'Run npm run synth'));
    const starting = startLocal({ assembly, folder: '.wattstream', ports: { 'dynamodb-port': port } });
    await expect(starting).rejects.toThrow('does not synthesize');
    await close(server);
  });
});
