import { expect, it } from 'vitest';
import { cdkEnvironment } from '../../cli/deploy/cdk-environment.ts';

it.each([
  [{}, {}],
  [{ AWS_DEFAULT_REGION: 'eu-west-1' }, { AWS_REGION: 'eu-west-1' }],
  [{ AWS_REGION: '', AMAZON_DEFAULT_REGION: 'eu-west-1' }, { AWS_REGION: 'eu-west-1' }],
  [
    { AWS_DEFAULT_REGION: 'eu-west-1', AMAZON_REGION: 'eu-west-2', AMAZON_DEFAULT_REGION: 'eu-west-3' },
    { AWS_REGION: 'eu-west-2' },
  ],
  [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, { AWS_REGION: 'eu-west-1' }],
  [{ AWS_DEFAULT_PROFILE: 'live' }, { AWS_PROFILE: 'live' }],
  [{ AWS_PROFILE: 'live', AWS_DEFAULT_PROFILE: 'try' }, { AWS_PROFILE: 'live' }],
])('asks AWS where cdk deploys to with %j', (environment, expected) => {
  expect(cdkEnvironment(environment)).toEqual(expected);
});
