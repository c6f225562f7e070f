import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAuthorizer, CfnDomainConfiguration, CfnPolicy, CfnTopicRule } from 'aws-cdk-lib/aws-iot';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../constructs/acknowledge.ts';
import { keysAreNew, type ParkedRecords } from '../constructs/parked-records.ts';
import type { Deployment } from '../deployment.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Domain } from './front-door.ts';

/** Frames are JSON arrays, which IoT SQL cannot take apart: they travel as base64. */
const frames = `SELECT encode(*, 'base64') AS frame, topic(2) AS stationId, clientid() AS clientId, timestamp() AS receivedAt FROM 'ocpp/+/in'`;
const signals = `SELECT topic(1) AS kind, topic(2) AS siteId, topic(3) AS name, encode(*, 'base64') AS payload, clientid() AS clientId, timestamp() AS receivedAt FROM 'signals/+/+'`;
/** Not presence/+/+: connect_failed is told as well, of whatever client id somebody who was refused has named. */
const connects = `SELECT * FROM '$aws/events/presence/connected/+'`;
const disconnects = `SELECT * FROM '$aws/events/presence/disconnected/+'`;

export type MqttGatewayProps = {
  readonly deployment: Deployment;
  readonly parked: ParkedRecords;
  /** Answers a frame on ocpp/{stationId}/out. */
  readonly message: IFunction;
  /** Hears of connects and disconnects. */
  readonly presence: IFunction;
  /** Checks user name and password of chargers without a certificate. */
  readonly authorize: IFunction;
  /** Where meter readings and other signals go, without a function on the way. */
  readonly signals: SignalStream;
  /** A host name of your own on which chargers need no more than user name and password. */
  readonly domain?: Domain;
};

/** IoT Core as the second way in: chargers and edge gateways over MQTT, with a password or with a certificate of their own. */
export class MqttGateway extends Construct {
  readonly authorizerName: string;
  readonly certificatePolicyName: string;
  readonly buildingPolicyName: string;
  readonly #parked: ParkedRecords;
  readonly #parkRole: Role;

  constructor(scope: Construct, id: string, props: MqttGatewayProps) {
    super(scope, id);
    this.#parked = props.parked;
    const role = new Role(this, 'ParkRole', {
      assumedBy: new ServicePrincipal('iot.amazonaws.com'),
      inlinePolicies: {
        Park: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['s3:PutObject'],
              resources: [props.parked.keys('mqtt/')],
            }),
          ],
        }),
      },
    });
    acknowledgeWildcard(role, props.parked.keys('mqtt/'), keysAreNew);
    this.#parkRole = role;
    this.invoke('Frames', 'OCPP frames from chargers and edge gateways', frames, props.message);
    this.invoke('Connects', 'Connects of MQTT clients', connects, props.presence);
    this.invoke('Disconnects', 'Disconnects of MQTT clients', disconnects, props.presence);

    this.authorizerName = `wattstream-${props.deployment.name}`;
    const authorizer = new CfnAuthorizer(this, 'Authorizer', {
      authorizerName: this.authorizerName,
      authorizerFunctionArn: props.authorize.functionArn,
      // Chargers can send a user name and a password, not a signature over a token.
      signingDisabled: true,
      status: 'ACTIVE',
    });
    props.authorize.addPermission('MqttAuthorizer', {
      principal: new ServicePrincipal('iot.amazonaws.com'),
      sourceArn: authorizer.attrArn,
    });
    if (props.domain) this.#ownDomain(props.domain).addResourceDependency(authorizer);
    this.certificatePolicyName = `wattstream-${props.deployment.name}-charger`;
    this.#certificatePolicy();
    this.buildingPolicyName = `wattstream-${props.deployment.name}-building`;
    this.#buildingPolicy();
    this.#signals(props, role);
  }

  /** Calls a function with the messages of some topics; what cannot be delivered is parked. */
  invoke(name: string, description: string, sql: string, target: IFunction): void {
    const made = new CfnTopicRule(this, name, {
      topicRulePayload: {
        description,
        sql,
        awsIotSqlVersion: '2016-03-23',
        actions: [{ lambda: { functionArn: target.functionArn } }],
        errorAction: {
          s3: {
            bucketName: this.#parked.bucket.bucketName,
            key: `mqtt/${name}/\${timestamp()}-\${newuuid()}`,
            roleArn: this.#parkRole.roleArn,
          },
        },
      },
    });
    target.addPermission(`${name}Rule`, {
      principal: new ServicePrincipal('iot.amazonaws.com'),
      sourceArn: made.attrArn,
    });
  }

  /** Signals go straight onto their stream: they are many, and nobody waits for an answer. */
  #signals({ signals: { stream }, parked }: MqttGatewayProps, parkRole: Role): void {
    const role = new Role(this, 'SignalRole', {
      assumedBy: new ServicePrincipal('iot.amazonaws.com'),
      inlinePolicies: {
        Put: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['kinesis:PutRecord'], resources: [stream.streamArn] })],
        }),
      },
    });
    new CfnTopicRule(this, 'Signals', {
      topicRulePayload: {
        description: 'Signals of building systems, price feeds and apps',
        sql: signals,
        awsIotSqlVersion: '2016-03-23',
        actions: [
          {
            kinesis: {
              streamName: stream.streamName,
              // biome-ignore lint/suspicious/noTemplateCurlyInString: IoT fills it in: the site.
              partitionKey: '${topic(2)}',
              roleArn: role.roleArn,
            },
          },
        ],
        errorAction: {
          s3: {
            bucketName: parked.bucket.bucketName,
            // biome-ignore lint/suspicious/noTemplateCurlyInString: IoT fills it in.
            key: 'mqtt/Signals/${timestamp()}-${newuuid()}',
            roleArn: parkRole.roleArn,
          },
        },
      },
    });
  }

  /** What a building system with its own certificate may do: signal for the site its thing names. */
  #buildingPolicy(): void {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IoT fills it in, for every connection anew.
    const [thing, site] = ['${iot:Connection.Thing.ThingName}', '${iot:Connection.Thing.Attributes[siteId]}'];
    this.#thingPolicy('BuildingPolicy', this.buildingPolicyName, thing, [['iot:Publish', `topic/signals/${site}/*`]]);
  }

  /**
   * Port 8883 without ALPN, and an authorizer that nobody has to name. Only with a domain of your own: one that AWS makes up
   * can be deleted a week after it was disabled at the earliest, and a first deployment that fails would stand still there.
   */
  #ownDomain({ name, certificateArn }: Domain): CfnDomainConfiguration {
    return new CfnDomainConfiguration(this, 'Domain', {
      domainName: name,
      serverCertificateArns: [certificateArn],
      serviceType: 'DATA',
      authenticationType: 'CUSTOM_AUTH',
      applicationProtocol: 'SECURE_MQTT',
      authorizerConfig: { defaultAuthorizerName: this.authorizerName, allowAuthorizerOverride: false },
    });
  }

  /** What a charger with its own certificate may do: be itself, speak on its own topic, hear its own. */
  #certificatePolicy(): void {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IoT fills it in, for every connection anew.
    const thing = '${iot:Connection.Thing.ThingName}';
    this.#thingPolicy('ChargerPolicy', this.certificatePolicyName, thing, [
      ['iot:Publish', `topic/ocpp/${thing}/in`],
      ['iot:Subscribe', `topicfilter/ocpp/${thing}/out`],
      ['iot:Receive', `topic/ocpp/${thing}/out`],
    ]);
  }

  /** Lets a thing with a certificate of its own connect as itself, and do nothing else but `allowed`: actions with their resources. */
  #thingPolicy(id: string, policyName: string, thing: string, allowed: readonly (readonly [string, string])[]): void {
    const arn = (resource: string): string => Stack.of(this).formatArn({ service: 'iot', resource });
    new CfnPolicy(this, id, {
      policyName,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'iot:Connect',
            Resource: arn(`client/${thing}`),
            Condition: { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
          },
          ...allowed.map(([Action, resource]) => ({ Effect: 'Allow', Action, Resource: arn(resource) })),
        ],
      },
    });
  }
}
