import { describe, expect, it } from 'vitest';
import { deployArguments } from '../../cli/deploy/deploy-arguments.ts';

describe('npm run deploy', () => {
  it('deploys dev when no stage is named', () => {
    expect(deployArguments([])).toEqual({
      stage: 'dev',
      ignoresQuotas: false,
      isBesideOthers: false,
      dropsContext: false,
      context: [],
      cdk: ['deploy', '-c', 'stage=dev'],
    });
  });

  it('passes on what is for cdk', () => {
    expect(deployArguments('--stage prod --require-approval never -c windowStore=dynamodb'.split(' '))).toEqual({
      stage: 'prod',
      ignoresQuotas: false,
      isBesideOthers: false,
      dropsContext: false,
      context: ['windowStore'],
      cdk: 'deploy -c stage=prod --require-approval never -c windowStore=dynamodb'.split(' '),
    });
  });

  it('takes the name of the stage behind an equals sign as well', () => {
    expect(deployArguments(['--stage=prod'])).toEqual({
      stage: 'prod',
      ignoresQuotas: false,
      isBesideOthers: false,
      dropsContext: false,
      context: [],
      cdk: ['deploy', '-c', 'stage=prod'],
    });
  });

  it('keeps to itself what is not for cdk', () => {
    const ours = ['--ignore-quotas', '--stage', 'prod', '--beside-other-stages', '--drop-context'];
    expect(deployArguments(ours)).toEqual({
      stage: 'prod',
      ignoresQuotas: true,
      isBesideOthers: true,
      dropsContext: true,
      context: [],
      cdk: ['deploy', '-c', 'stage=prod'],
    });
  });

  it('knows the context that is named, however it is written', () => {
    const written = [
      '-c',
      'domain=a',
      '--context',
      'openAdr=on',
      '-cmqttDomain=b',
      '-c=tokenIssuer=c=d',
      '--context=x=1',
    ];
    expect(deployArguments(written).context).toEqual(['domain', 'openAdr', 'mqttDomain', 'tokenIssuer', 'x']);
  });

  it.each([
    [['--stage'], '--stage takes a name'],
    [['--stage', '--all'], '--stage takes a name'],
    [['--stage='], '--stage takes a name'],
    [['--stage', 'production'], 'There is no stage production: --stage dev or --stage prod'],
    [['--stage', 'dev', '--stage=prod'], 'There are two stages'],
    [['-c', 'stage=prod'], 'The stage is named with --stage'],
    [['-cstage=prod'], 'The stage is named with --stage'],
    [['--stage', 'dev', '--context=stage=prod'], 'The stage is named with --stage'],
    [['--profile', 'live'], 'Name the profile with AWS_PROFILE'],
    [['--stage', 'prod', '--profile=live'], 'Name the profile with AWS_PROFILE'],
  ])('refuses %j', (args, why) => {
    expect(() => deployArguments(args)).toThrow(why);
  });
});
