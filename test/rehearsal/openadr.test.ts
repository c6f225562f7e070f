import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('skips the rehearsal with one sentence where the server is missing', () => {
  const { CARGO_HOME: _, OPENLEADR_VTN: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['rehearsal/openadr.ts'], {
    encoding: 'utf8',
    env: { ...env, CARGO_HOME: '/nowhere' },
    timeout: 60_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^OpenADR was not rehearsed: .*cargo install/)]);
});
