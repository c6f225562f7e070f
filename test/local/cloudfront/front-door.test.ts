import { expect, it } from 'vitest';
import { frontDoor } from '../../../local/cloudfront/front-door.ts';
import { localSystem } from '../../../local/local-system.ts';

const viewer = { method: 'GET', uri: '/ocpp/S', query: {}, headers: { host: 'edge' }, ip: '127.0.0.1' };

const door = (code: string) =>
  frontDoor(
    {
      logicalId: 'Edge',
      properties: {
        DistributionConfig: {
          Origins: [{ Id: 'api', DomainName: 'api.example', OriginPath: '', OriginCustomHeaders: [] }],
          DefaultCacheBehavior: {
            TargetOriginId: 'api',
            FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'arn:function' }],
          },
          CacheBehaviors: [],
        },
      },
    },
    () => code,
    localSystem.uuid,
  );

it('lets a function finish that a busy machine made wait', async () => {
  const slow = `function handler(event) {
    const until = Date.now() + 250;
    while (Date.now() < until);
    event.request.uri = '/live';
    return event.request;
  }`;
  expect(await door(slow)(viewer)).toMatchObject({ kind: 'forward', request: { uri: '/live' } });
});
