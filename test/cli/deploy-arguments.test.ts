import { describe, expect, it } from 'vitest';
import { deployArguments } from '../../cli/deploy/deploy-arguments.ts';

const open = async () => true;
const closed = async () => false;
const silent = async (): Promise<boolean> => {
  throw new Error('no credentials');
};

describe('npm run deploy', () => {
  it('keeps windows in Timestream where the account may use it', async () => {
    expect((await deployArguments(['--stage', 'prod', '--require-approval', 'never'], open)).cdk).toEqual(
      'deploy -c stage=prod -c windowStore=timestream --require-approval never'.split(' '),
    );
  });

  it('keeps windows in DynamoDB where Timestream is closed', async () => {
    expect((await deployArguments([], closed)).cdk).toEqual('deploy -c stage=dev -c windowStore=dynamodb'.split(' '));
  });

  it.each([['-c windowStore=dynamodb'], ['--context=windowStore=dynamodb']])(
    'does not ask when told: %s',
    async (told) => {
      expect((await deployArguments(told.split(' '), silent)).cdk).toEqual([
        'deploy',
        '-c',
        'stage=dev',
        ...told.split(' '),
      ]);
    },
  );

  it('says what to do when AWS cannot be asked', async () => {
    await expect(deployArguments([], silent)).rejects.toThrow('choose with -c windowStore=dynamodb');
  });

  it('wants a name for the stage', async () => {
    await expect(deployArguments(['--stage'], open)).rejects.toThrow('--stage takes a name');
  });
});
