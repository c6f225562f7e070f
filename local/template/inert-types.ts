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

/** Resource types without effect on one machine, each with the reason. Every other type needs a service that runs it. */
export const inertTypes: readonly InertResource[] = [
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
  inert('AWS::SNS::Subscription', 'nobody is notified from one machine: notifications are shown with --logs'),
  inert('AWS::SNS::TopicPolicy', noAccessControl),
  inert('AWS::SQS::QueuePolicy', noAccessControl),
];
