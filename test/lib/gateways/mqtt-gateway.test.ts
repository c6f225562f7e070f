import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesized } from '../synthesized.ts';
import { propertiesOf, text } from '../template-text.ts';

let dev: Template;
beforeAll(() => {
  dev = synthesized({ stage: 'dev' }).template;
});

describe('the MQTT gateway', () => {
  it('hands frames and presence to their functions and parks what it cannot hand over', () => {
    const rules = Object.entries(propertiesOf(dev, 'AWS::IoT::TopicRule')).map(([id, { TopicRulePayload }]) => {
      const payload = JSON.parse(JSON.stringify(TopicRulePayload));
      const [{ Lambda, Kinesis }] = payload.Actions;
      const target = text(Lambda?.FunctionArn ?? Kinesis.StreamName);
      return [id, payload.Sql, target, text(payload.ErrorAction.S3.BucketName)];
    });
    expect(rules).toEqual([
      [
        'GatewayMqttFrames',
        "SELECT encode(*, 'base64') AS frame, topic(2) AS stationId, clientid() AS clientId, timestamp() AS receivedAt FROM 'ocpp/+/in'",
        '<GatewayAnswerMqttFunction.Arn>',
        '<ParkedBucket>',
      ],
      [
        'GatewayMqttConnects',
        "SELECT * FROM '$aws/events/presence/connected/+'",
        '<GatewayTrackPresenceFunction.Arn>',
        '<ParkedBucket>',
      ],
      [
        'GatewayMqttDisconnects',
        "SELECT * FROM '$aws/events/presence/disconnected/+'",
        '<GatewayTrackPresenceFunction.Arn>',
        '<ParkedBucket>',
      ],
      [
        'GatewayMqttSignals',
        "SELECT topic(1) AS kind, topic(2) AS siteId, topic(3) AS name, encode(*, 'base64') AS payload, clientid() AS clientId, timestamp() AS receivedAt FROM 'signals/+/+'",
        '<OcppStream>',
        '<ParkedBucket>',
      ],
      [
        'GatewayMqttGrid',
        "SELECT encode(*, 'base64') AS payload, clientid() AS clientId FROM 'grid/demand-response'",
        '<DemandResponseAcceptMqttFunction.Arn>',
        '<ParkedBucket>',
      ],
    ]);
  });

  it('parks what its functions could not do after their retries', () => {
    const configs = Object.values(propertiesOf(dev, 'AWS::Lambda::EventInvokeConfig')).flatMap((config) => {
      const { FunctionName, DestinationConfig, MaximumRetryAttempts } = JSON.parse(JSON.stringify(config));
      if (DestinationConfig === undefined) return [];
      return [[text(FunctionName), text(DestinationConfig.OnFailure.Destination), MaximumRetryAttempts] as const];
    });
    const parked = configs.filter(([, destination]) => destination === '<ParkedBucket.Arn>');
    expect(parked).toEqual([
      ['<GatewayTrackPresenceFunction>', '<ParkedBucket.Arn>', 2],
      ['<GatewayAnswerMqttFunction>', '<ParkedBucket.Arn>', 2],
      ['<DemandResponseAcceptMqttFunction>', '<ParkedBucket.Arn>', 2],
    ]);
  });

  it('lets a charger with a certificate be itself only', () => {
    const [policy] = Object.values(propertiesOf(dev, 'AWS::IoT::Policy'));
    const { Statement } = JSON.parse(JSON.stringify(policy?.PolicyDocument));
    const may = Statement.map((one: Record<string, unknown>) => [
      one.Effect,
      one.Action,
      text(one.Resource),
      one.Condition,
    ]);
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: policy variables of IoT
    expect(may).toEqual([
      [
        'Allow',
        'iot:Connect',
        'arn::iot:::client/${iot:Connection.Thing.ThingName}',
        { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
      ],
      ['Allow', 'iot:Publish', 'arn::iot:::topic/ocpp/${iot:Connection.Thing.ThingName}/in', undefined],
      ['Allow', 'iot:Subscribe', 'arn::iot:::topicfilter/ocpp/${iot:Connection.Thing.ThingName}/out', undefined],
      ['Allow', 'iot:Receive', 'arn::iot:::topic/ocpp/${iot:Connection.Thing.ThingName}/out', undefined],
    ]);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: policy variables of IoT
  });

  it('asks authorize-mqtt about chargers with a password', () => {
    dev.hasResourceProperties('AWS::IoT::Authorizer', {
      AuthorizerName: 'wattstream-dev',
      SigningDisabled: true,
      Status: 'ACTIVE',
      AuthorizerFunctionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AuthorizeMqttFunction'), 'Arn'] },
    });
  });

  it('has a domain only when told one, on which nobody names an authorizer or needs ALPN', () => {
    expect(Object.keys(propertiesOf(dev, 'AWS::IoT::DomainConfiguration'))).toEqual([]);
    const { template } = synthesized({
      stage: 'dev',
      mqttDomain: 'mqtt.example.com',
      mqttCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/x',
    });
    template.hasResourceProperties('AWS::IoT::DomainConfiguration', {
      DomainName: 'mqtt.example.com',
      AuthenticationType: 'CUSTOM_AUTH',
      ApplicationProtocol: 'SECURE_MQTT',
      AuthorizerConfig: { DefaultAuthorizerName: 'wattstream-dev', AllowAuthorizerOverride: false },
    });
  });
});
