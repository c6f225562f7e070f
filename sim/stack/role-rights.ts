import { z } from 'zod';
import { websocketApi, websocketStage } from '../../local/apigateway/websocket-api.ts';
import { dynamodbTable } from '../../local/dynamodb/dynamodb-table.ts';
import { eventBus } from '../../local/eventbridge/event-rule.ts';
import { kinesisStream } from '../../local/kinesis/kinesis-stream.ts';
import { s3Bucket } from '../../local/s3/s3-bucket.ts';
import { sqsQueue } from '../../local/sqs/sqs-queue.ts';
import type { Deployment } from '../../local/template/deployment.ts';
import { policyAllows } from '../../local/template/policy-allows.ts';
import { arnOf, named, type ResourceKind } from '../../local/template/resource-kind.ts';
import type { Account } from '../../local/template/template.ts';

/** What a role has to allow for a request: an action on a resource. */
type Need = { readonly action: string; readonly resource: string };

/** A request as a client of the SDK gets it: the operation is the name of its command. */
export type ServiceRequest = { readonly service: string; readonly operation: string; readonly input: object };

const RolePolicy = z.looseObject({ PolicyDocument: z.json(), Roles: z.array(z.string()) });
const rolePolicy: ResourceKind<z.infer<typeof RolePolicy>> = {
  type: 'AWS::IAM::Policy',
  properties: RolePolicy,
  physical: named('local', 'Name'),
};

/** Operations of the document client, and of items within its transactions, by the action each takes. */
const documentActions: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** Requests whose action has another name. */
const otherActions: Readonly<Record<string, string>> = {
  'sqs SendMessageBatch': 'sqs:SendMessage',
  's3 ListObjectsV2': 's3:ListBucket',
  'sockets PostToConnection': 'execute-api:ManageConnections',
  'sockets DeleteConnection': 'execute-api:ManageConnections',
};

type Input = {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly RequestItems?: object;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
  readonly StreamName?: string;
  readonly Bucket?: string;
  readonly Key?: string;
  readonly QueueUrl?: string;
  readonly TopicArn?: string;
  readonly stateMachineArn?: string;
  readonly topic?: string;
  readonly Entries?: readonly { readonly EventBusName?: string }[];
};

/** What a role does not allow of a request, as IAM would say it; undefined where it allows all of it. */
export type RoleRights = (role: string, request: ServiceRequest) => string | undefined;

/** What the roles of a template allow by their policies. */
export const roleRights = (deployment: Deployment, account: Account): RoleRights => {
  const stores = [dynamodbTable, kinesisStream, s3Bucket, sqsQueue, eventBus] as readonly ResourceKind[];
  const arns = new Map(
    stores.flatMap(deployment.all).map(({ logicalId }) => {
      const { ref, attributes } = deployment.physical(logicalId);
      return [ref, attributes.Arn ?? ref] as const;
    }),
  );
  const called = (name = ''): string => arns.get(name) ?? name;
  const refs = (kind: ResourceKind): readonly string[] =>
    deployment.all(kind).map(({ logicalId }) => deployment.physical(logicalId).ref);
  const sockets = `${refs(websocketApi as ResourceKind)[0]}/${refs(websocketStage as ResourceKind)[0]}`;

  const ofTable = (operation: string, table: string, index?: string): Need => ({
    action: `dynamodb:${documentActions[operation] ?? operation}`,
    resource: index === undefined ? called(table) : `${called(table)}/index/${index}`,
  });
  const ofTables = (
    operation: string,
    { TransactItems = [], RequestItems = {}, TableName, IndexName }: Input,
  ): Need[] => [
    ...TransactItems.flatMap((item) => Object.entries(item)).map(([kind, of]) => ofTable(kind, of.TableName)),
    ...Object.keys(RequestItems).map((table) => ofTable(operation, table)),
    ...(TableName === undefined ? [] : [ofTable(operation, TableName, IndexName)]),
  ];
  /** Parts of a name that no policy tells apart stand for all. */
  const resourcesOf = ({ service, operation, input }: ServiceRequest): readonly string[] => {
    const { StreamName, Bucket, Key, QueueUrl, TopicArn, stateMachineArn, topic, Entries = [] } = input as Input;
    switch (service) {
      case 'kinesis':
        return [called(StreamName)];
      case 's3':
        return [Key === undefined ? called(Bucket) : `${called(Bucket)}/key`];
      case 'sqs':
        return [called(QueueUrl)];
      case 'sns':
        return [TopicArn ?? ''];
      case 'states':
        return [stateMachineArn ?? ''];
      case 'events':
        return [...new Set(Entries.map(({ EventBusName }) => called(EventBusName)))];
      case 'iot':
        return [arnOf('iot', `topic/${topic}`, account)];
      case 'sockets': {
        const method = operation === 'DeleteConnection' ? 'DELETE' : 'POST';
        return [arnOf('execute-api', `${sockets}/${method}/@connections/id`, account)];
      }
      default:
        throw new Error(`It is not known what a role must allow for ${service} ${operation}`);
    }
  };
  const needsOf = (request: ServiceRequest): readonly Need[] => {
    const { service, operation, input } = request;
    if (service === 'dynamodb') return ofTables(operation, input as Input);
    const action = otherActions[`${service} ${operation}`] ?? `${service}:${operation}`;
    return resourcesOf(request).map((resource) => ({ action, resource }));
  };

  const policies = deployment.all(rolePolicy).map(({ properties }) => properties);
  const known = new Map<string, boolean>();
  const allows = (role: string, { action, resource }: Need): boolean => {
    const key = `${role} ${action} ${resource}`;
    const found =
      known.get(key) ??
      policies.some(
        ({ PolicyDocument, Roles }) => Roles.includes(role) && policyAllows(PolicyDocument, action, resource),
      );
    known.set(key, found);
    return found;
  };
  return (role, request) => {
    const lacking = needsOf(request).find((need) => !allows(role, need));
    return lacking && `not authorized to perform ${lacking.action} on ${lacking.resource}`;
  };
};
