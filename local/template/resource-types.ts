import {
  graphqlApi,
  graphqlApiKey,
  graphqlDataSource,
  graphqlFunction,
  graphqlResolver,
  graphqlSchema,
} from '../appsync/resources.ts';
import { cloudfrontDistribution, cloudfrontFunction } from '../cloudfront/front-door.ts';
import { dynamodbTable } from '../dynamodb/dynamodb.ts';
import { eventSourceMapping } from '../event-sources/event-source.ts';
import { eventBus, eventRule } from '../eventbridge/event-bus.ts';
import { schedule } from '../eventbridge/schedule.ts';
import { iotAuthorizer, iotTopicRule } from '../iot/iot-resources.ts';
import { kinesisStream } from '../kinesis/kinesis.ts';
import { lambdaEventInvokeConfig } from '../lambda/async-invocation.ts';
import { lambdaFunction } from '../lambda/lambda.ts';
import { sqsQueue } from '../messaging/queues.ts';
import { snsTopic } from '../messaging/topics.ts';
import { s3Bucket } from '../s3/s3.ts';
import { timestreamDatabaseKind, timestreamTableKind } from '../timestream/timestream.ts';
import {
  websocketApi,
  websocketAuthorizer,
  websocketIntegration,
  websocketRoute,
  websocketRouteResponse,
  websocketStage,
} from '../websocket/websocket-resources.ts';
import { type InertResource, named, type ResourceKind } from './resource-kind.ts';

const noAccessControl = 'the local runtime checks no IAM permissions';
const noMonitoring = 'nothing is monitored on one machine';

const inert = (
  type: string,
  why: string,
  physical: ResourceKind['physical'] = named('local', 'Name'),
): InertResource => ({
  type,
  inert: why,
  physical,
});

/** Every resource type of the template: run by an emulator, or without effect here and why. A type not listed is an error. */
export const resourceTypes: readonly (ResourceKind | InertResource)[] = [
  cloudfrontDistribution,
  cloudfrontFunction,
  dynamodbTable,
  eventBus,
  eventRule,
  eventSourceMapping,
  graphqlApi,
  graphqlApiKey,
  graphqlDataSource,
  graphqlFunction,
  graphqlResolver,
  graphqlSchema,
  iotAuthorizer,
  iotTopicRule,
  kinesisStream,
  lambdaEventInvokeConfig,
  lambdaFunction,
  s3Bucket,
  schedule,
  snsTopic,
  sqsQueue,
  timestreamDatabaseKind,
  timestreamTableKind,
  websocketApi,
  websocketAuthorizer,
  websocketIntegration,
  websocketRoute,
  websocketRouteResponse,
  websocketStage,
  inert('AWS::ApiGateway::Account', noMonitoring),
  inert('AWS::CloudWatch::Alarm', noMonitoring),
  inert('AWS::CloudWatch::Dashboard', noMonitoring),
  inert('AWS::Logs::LogGroup', noMonitoring, named('logs', 'LogGroupName', 'log-group:')),
  inert('AWS::Logs::ResourcePolicy', noMonitoring),
  inert('AWS::XRay::SamplingRule', noMonitoring),
  inert('AWS::Events::Archive', 'the bus is not archived locally', named('events', 'ArchiveName', 'archive/')),
  inert('AWS::Events::EventBusPolicy', noAccessControl),
  inert('AWS::IAM::ManagedPolicy', noAccessControl, named('iam', 'ManagedPolicyName', 'policy/')),
  inert('AWS::IAM::Policy', noAccessControl),
  inert('AWS::IAM::Role', noAccessControl, named('iam', 'RoleName', 'role/')),
  inert(
    'AWS::IoT::Policy',
    'it is attached to certificates, and local MQTT has none',
    named('iot', 'PolicyName', 'policy/'),
  ),
  inert('AWS::KMS::Alias', 'nothing is encrypted at rest locally', named('kms', 'AliasName')),
  inert('AWS::KMS::Key', 'nothing is encrypted at rest locally', (logicalId, _properties, account) => ({
    ref: logicalId,
    attributes: { KeyId: logicalId, Arn: `arn:aws:kms:${account.region}:${account.accountId}:key/${logicalId}` },
  })),
  inert('AWS::Lambda::Permission', noAccessControl),
  inert('AWS::S3::BucketPolicy', noAccessControl),
  inert('AWS::SNS::Subscription', 'nobody is notified by a laptop: notifications are shown with --logs'),
  inert('AWS::SNS::TopicPolicy', noAccessControl),
  inert('AWS::SQS::QueuePolicy', noAccessControl),
];
