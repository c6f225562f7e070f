import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesized } from '../synthesized.ts';
import { propertiesOf } from '../template-text.ts';

let dev: Template;
beforeAll(() => {
  dev = synthesized({ stage: 'dev' }).template;
});

describe('the front door', () => {
  it('passes every header but Host to the API, over TLS only, and caches nothing', () => {
    const [distribution] = Object.values(propertiesOf(dev, 'AWS::CloudFront::Distribution'));
    expect(distribution?.DistributionConfig).toMatchObject({
      DefaultCacheBehavior: {
        // AWS's managed policies CachingDisabled and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'https-only',
        FunctionAssociations: [{ EventType: 'viewer-request' }],
      },
      Origins: [{ CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] } }],
    });
  });

  it('runs the function of the source file, unchanged, and it calls the stage that exists', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../lib/cloudfront/ocpp-path.js'), 'utf8');
    const [deployed] = Object.values(propertiesOf(dev, 'AWS::CloudFront::Function'));
    const [stage] = Object.values(propertiesOf(dev, 'AWS::ApiGatewayV2::Stage'));
    expect(deployed).toMatchObject({ FunctionCode: source, FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
    expect(source).toContain(`const STAGE_PATH = '/${stage?.StageName}';`);
  });

  it('takes a domain of your own with TLS 1.2 as its minimum', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/x';
    const { template } = synthesized({ stage: 'prod', domain: 'ocpp.example.com', certificateArn });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['ocpp.example.com'],
        ViewerCertificate: { AcmCertificateArn: certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    });
    template.hasOutput('OcppUrl', { Value: 'wss://ocpp.example.com/ocpp' });
  });

  it('wants a domain and its certificate together', () => {
    expect(() => synthesized({ stage: 'dev', domain: 'ocpp.example.com' })).toThrow(/A domain needs both/);
  });
});
