import { join } from 'node:path';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { type WebsocketGateway, websocketHost } from './websocket-gateway.ts';

/** A host name of your own: chargers keep the URL they were set up with for years. */
export type Domain = {
  readonly name: string;
  /** ACM certificate: in us-east-1 for CloudFront, in the stack's region for AWS IoT. */
  readonly certificateArn: string;
};

export type FrontDoorProps = { readonly gateway: WebsocketGateway; readonly domain?: Domain };

/** CloudFront in front of the WebSocket API: wss://host/ocpp/{stationId}, TLS only, nothing cached, headers passed on. */
export class FrontDoor extends Construct {
  /** Chargers append their id. */
  readonly ocppUrl: string;

  constructor(scope: Construct, id: string, { gateway, domain }: FrontDoorProps) {
    super(scope, id);
    const ocppPath = new EdgeFunction(this, 'OcppPath', {
      comment: '/ocpp/{stationId} to a header',
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, '../cloudfront/ocpp-path.js') }),
      runtime: FunctionRuntime.JS_2_0,
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Wattstream OCPP',
      defaultBehavior: {
        origin: new HttpOrigin(websocketHost(gateway), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        }),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // API Gateway knows itself by its own host name only; Authorization and Sec-WebSocket-* have to get through.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        compress: false,
        functionAssociations: [{ function: ocppPath, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(domain && {
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    });
    this.ocppUrl = `wss://${domain?.name ?? distribution.distributionDomainName}/ocpp`;
    acknowledge(
      distribution,
      'CFR1',
      'Chargers stand in every country an operator serves; who may connect is decided per station.',
    );
    acknowledge(
      distribution,
      'CFR2',
      'Only registered stations with a password pass $connect and routes are throttled; a web ACL can be attached to the distribution at any time.',
    );
    acknowledge(
      distribution,
      'CFR3',
      'Every accepted request ends at the WebSocket API, whose access log names the station.',
    );
    if (domain === undefined)
      acknowledge(
        distribution,
        'CFR4',
        'CloudFront fixes the TLS policy of its own host name; with a domain of your own TLS 1.2 is the minimum.',
      );
  }
}
