import type { LocalService } from '../stack/local-service.ts';
import { only } from '../template/deployment.ts';
import { cloudfrontDistribution, cloudfrontFunction } from './cloudfront-distribution.ts';
import { frontDoor } from './front-door.ts';

/** CloudFront: the template's one distribution, which the gateway behind it asks about every request. */
export const cloudfront: LocalService = {
  name: 'cloudfront',
  kinds: [cloudfrontDistribution, cloudfrontFunction],
  start: async ({ system, deployment }) => {
    const distribution = only('CloudFront distribution', deployment.all(cloudfrontDistribution));
    const codes = new Map(
      deployment
        .all(cloudfrontFunction)
        .map(({ logicalId, properties }) => [
          deployment.physical(logicalId).attributes.FunctionARN,
          properties.FunctionCode,
        ]),
    );
    const codeOf = (arn: string): string => {
      const code = codes.get(arn);
      if (code === undefined) throw new Error(`No CloudFront Function ${arn}`);
      return code;
    };
    return {
      frontDoor: {
        domainName: deployment.physical(distribution.logicalId).attributes.DomainName ?? '',
        pass: frontDoor(distribution, codeOf, system.uuid),
      },
    };
  },
};
