import type { LocalService } from '../stack/local-service.ts';
import { cloudfrontDistribution, cloudfrontFunction } from './cloudfront-distribution.ts';
import { deployedFrontDoor } from './deployed-front-door.ts';

/** CloudFront: the template's one distribution, which the gateway behind it asks about every request. */
export const cloudfront: LocalService = {
  name: 'cloudfront',
  kinds: [cloudfrontDistribution, cloudfrontFunction],
  start: async ({ system, deployment }) => ({ frontDoor: deployedFrontDoor(deployment, system.uuid) }),
};
