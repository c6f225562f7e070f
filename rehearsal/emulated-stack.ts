import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callPolicies, clientConfig } from '../aws/call-policy.ts';
import { stackOutputs } from '../aws/stack-outputs.ts';
import { websocketGateway } from '../local/apigateway/websocket-gateway.ts';
import { frontDoor } from '../local/cloudfront/front-door.ts';
import { localSystem } from '../local/local-system.ts';
import type { Emulator } from './emulator.ts';
import { heardEvents } from './heard-events.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

const account = { region: 'us-east-1', accountId: '000000000000', stackName: 'wattstream-dev' };
const source = new URL('../lib/cloudfront/ocpp-path.js', import.meta.url);

/** Has the functions that call chargers do so over a gateway of ours: they know its address by SOCKETS_ENDPOINT. */
const callOver = async (address: string, functionNames: Iterable<string>): Promise<void> => {
  const client = new LambdaClient(clientConfig(callPolicies.operator));
  for (const FunctionName of functionNames) {
    const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { Variables = {} } = Environment ?? {};
    if (Variables.SOCKETS_ENDPOINT === undefined) continue;
    const own = { ...Variables, SOCKETS_ENDPOINT: address };
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: own } }));
  }
};

/** Listens on a free port of this machine, and tells it. */
const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/**
 * The stack in the emulator, with our own front door and WebSocket API before it: theirs asks no authorizer. The functions
 * are the deployed ones, called as API Gateway calls them.
 */
export const emulatedStack = async ({ endpoint, environment }: Emulator): Promise<RehearsedStack> => {
  Object.assign(process.env, environment);
  const client = new CloudFormationClient(clientConfig(callPolicies.operator));
  const outputs = (await stackOutputs(account.stackName, client)) ?? {};
  const functions = new Map<string, string>();
  for await (const { StackResourceSummaries } of paginateListStackResources(
    { client },
    { StackName: account.stackName },
  ))
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries ?? [])
      if (ResourceType === 'AWS::Lambda::Function')
        functions.set(LogicalResourceId.replace(/Function[0-9A-F]{8}$/, ''), PhysicalResourceId);

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const response = await fetch(`${endpoint}/2015-03-31/functions/${functions.get(name)}/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    });
    const answer: unknown = await response.json();
    if (response.ok && response.headers.get('x-amz-function-error') === null) return answer;
    throw new Error(`${name} failed: ${JSON.stringify(answer)}`);
  };
  const domainName = 'api.example';
  const target = (functionArn: string) => ({ functionArn, timeoutMs: 29_000 });
  const gateway = websocketGateway(
    {
      apiId: 'rehearsal',
      stage: 'live',
      domainName,
      authorizer: { functionArn: 'GatewayAuthorizeStation', identitySource: [] },
      connect: target('GatewayTrackConnect'),
      disconnect: target('GatewayTrackDisconnect'),
      message: { ...target('GatewayAnswerWebsocket'), answers: true },
    },
    {
      frontDoor: frontDoor(
        {
          logicalId: 'FrontDoor',
          properties: {
            DistributionConfig: {
              Origins: [{ Id: 'api', DomainName: domainName, OriginPath: '', OriginCustomHeaders: [] }],
              DefaultCacheBehavior: {
                TargetOriginId: 'api',
                FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'path' }],
              },
              CacheBehaviors: [],
            },
          },
        },
        () => readFileSync(source, 'utf8'),
        localSystem.uuid,
      ),
      invoke,
      account,
      system: localSystem,
    },
  );
  const port = await listening(gateway.server);
  await callOver(`http://127.0.0.1:${await listening(gateway.management)}`, functions.values());
  return {
    name: 'the emulator',
    url: `ws://127.0.0.1:${port}/ocpp`,
    output: (name) => String(outputs[name]),
    events: await eventsOf(String(outputs.EventBus)),
    sweep: async () => {
      await invoke('SweepFleetTask', {});
    },
    stop: async () => {
      gateway.stop();
      for (const server of [gateway.server, gateway.management]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) delete process.env[name];
    },
  };
};

/** Hears a bus over a rule and a queue, as a subscriber does. */
const eventsOf = async (busName: string): Promise<RehearsedStack['events']> => {
  const sqs = new SQSClient(clientConfig(callPolicies.operator));
  const bus = new EventBridgeClient(clientConfig(callPolicies.operator));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'rehearsal' }));
  const rule = { EventBusName: busName, Name: 'rehearsal' };
  await bus.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ['wattstream'] }) }));
  const queueArn = `arn:aws:sqs:${account.region}:${account.accountId}:rehearsal`;
  await bus.send(
    new PutTargetsCommand({ EventBusName: busName, Rule: rule.Name, Targets: [{ Id: 'queue', Arn: queueArn }] }),
  );
  const heard = heardEvents();
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout: 3_600 }),
      );
      if (Messages.length === 0) return heard.all();
      for (const { Body = '{}' } of Messages) heard.hear(JSON.parse(Body));
    }
  };
};
