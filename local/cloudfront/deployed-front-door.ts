import { type Deployment, only } from '../template/deployment.ts';
import { cloudfrontDistribution, cloudfrontFunction } from './cloudfront-distribution.ts';
import { type FrontDoor, frontDoor } from './front-door.ts';

/** The front door of a template: its one distribution with the functions it runs. */
export const deployedFrontDoor = (deployment: Deployment, uuid: () => string): FrontDoor => {
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
    domainName: deployment.physical(distribution.logicalId).attributes.DomainName ?? '',
    pass: frontDoor(distribution, codeOf, uuid),
  };
};
