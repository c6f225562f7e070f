import { expect, it } from 'vitest';
import { refuseLostContext } from '../../cli/deploy/refuse-lost-context.ts';

const failing = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error('no'), { name });
};

it('asks for nothing of a stage that is not there yet, or was deployed with nothing', async () => {
  expect(await refuseLostContext('prod', [], async () => undefined)).toEqual([]);
  expect(await refuseLostContext('prod', [], async () => ({ OcppUrl: 'wss://x' }))).toEqual([]);
});

it('says that these credentials may not look, and fails as AWS does otherwise', async () => {
  expect(await refuseLostContext('dev', [], failing('AccessDenied'))).toEqual([
    'These credentials may not look what stage dev was deployed with.',
  ]);
  await expect(refuseLostContext('dev', [], failing('ExpiredToken'))).rejects.toThrow('no');
});
