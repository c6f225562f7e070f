import { expect, it } from 'vitest';
import { refuseOtherStages } from '../../cli/deploy/refuse-other-stages.ts';

const failing = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error('no'), { name });
};

it('takes what a first deployment left that failed for no stage', async () => {
  expect(await refuseOtherStages('prod', async () => ({}))).toEqual([]);
});

it('says which stage these credentials may not look for', async () => {
  expect(await refuseOtherStages('dev', failing('AccessDenied'))).toEqual([
    'These credentials may not look whether stage prod is in this account and region.',
  ]);
});

it('fails as AWS does otherwise', async () => {
  await expect(refuseOtherStages('dev', failing('ExpiredToken'))).rejects.toThrow('no');
});
