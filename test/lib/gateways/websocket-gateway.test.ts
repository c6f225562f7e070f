import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { stages } from '../../../lib/stages.ts';
import { synthesized } from '../synthesized.ts';
import { propertiesOf, text } from '../template-text.ts';

let dev: Template;
let prod: Template;
beforeAll(() => {
  dev = synthesized({ stage: 'dev' }).template;
  prod = synthesized({ stage: 'prod' }).template;
});

describe('the WebSocket gateway', () => {
  it('answers on $default and nowhere else', () => {
    const answered = Object.values(propertiesOf(dev, 'AWS::ApiGatewayV2::RouteResponse')).map(
      ({ RouteId, RouteResponseKey }) => [text(RouteId), RouteResponseKey],
    );
    const routes = Object.entries(propertiesOf(dev, 'AWS::ApiGatewayV2::Route')).map(
      ([id, { RouteKey, RouteResponseSelectionExpression }]) => [`<${id}>`, RouteKey, RouteResponseSelectionExpression],
    );
    expect(answered).toEqual([['<GatewayWebsocketApidefaultRoute>', '$default']]);
    expect(routes).toEqual([
      ['<GatewayWebsocketApiconnectRoute>', '$connect', undefined],
      ['<GatewayWebsocketApidisconnectRoute>', '$disconnect', undefined],
      ['<GatewayWebsocketApidefaultRoute>', '$default', '$default'],
    ]);
  });

  it('lets nobody connect without the verdict of authorize-station', () => {
    const verdicts = Object.values(propertiesOf(dev, 'AWS::ApiGatewayV2::Route')).map(
      ({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType],
    );
    const authorizers = Object.values(propertiesOf(dev, 'AWS::ApiGatewayV2::Authorizer')).map(
      ({ AuthorizerType, AuthorizerUri, IdentitySource }) => [AuthorizerType, text(AuthorizerUri), IdentitySource],
    );
    expect(verdicts).toEqual([
      ['$connect', 'CUSTOM'],
      ['$disconnect', 'NONE'],
      ['$default', 'NONE'],
    ]);
    expect(authorizers).toEqual([
      [
        'REQUEST',
        'arn::apigateway::lambda:path/2015-03-31/functions/<GatewayAuthorizeStationFunction.Arn>/invocations',
        // No source: it would be compared in a case that AWS does not document.
        [],
      ],
    ]);
  });

  it('sends each route to its own function', () => {
    const targets = Object.entries(propertiesOf(dev, 'AWS::ApiGatewayV2::Integration')).map(
      ([id, { IntegrationType, IntegrationUri }]) => [
        id,
        IntegrationType,
        /<(.*)\.Arn>/.exec(text(IntegrationUri))?.[1],
      ],
    );
    expect(targets).toEqual([
      ['GatewayWebsocketApiconnectRouteConnect', 'AWS_PROXY', 'GatewayTrackConnectFunction'],
      ['GatewayWebsocketApidisconnectRouteDisconnect', 'AWS_PROXY', 'GatewayTrackDisconnectFunction'],
      ['GatewayWebsocketApidefaultRouteMessage', 'AWS_PROXY', 'GatewayAnswerWebsocketFunction'],
    ]);
  });

  it('logs a message in at most 100 bytes, with a station id of full length', () => {
    const [stage] = Object.values(propertiesOf(prod, 'AWS::ApiGatewayV2::Stage'));
    const sample: Record<string, string> = {
      requestId: 'JKJaXmPLvHcESHA=',
      eventType: 'DISCONNECT',
      connectionId: 'JKJaXdPSIAMCJ1A=',
      status: '200',
      'authorizer.principalId': 'x'.repeat(48),
    };
    const format = JSON.stringify(stage?.AccessLogSettings).match(/"Format":"([^"]+)"/)?.[1] ?? '';
    const line = format.replace(/\$context\.([a-zA-Z.]+)/g, (_, name: string) => sample[name] ?? '?'.repeat(1_000));
    expect(format).toContain('$context.requestId');
    expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each(['dev', 'prod'] as const)('is throttled as the %s stage says', (name) => {
    const [stage] = Object.values(propertiesOf(name === 'dev' ? dev : prod, 'AWS::ApiGatewayV2::Stage'));
    expect(stage).toMatchObject({
      StageName: 'live',
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingRateLimit: stages[name].messagesPerSecond,
        ThrottlingBurstLimit: stages[name].messageBurst,
      },
    });
  });
});
