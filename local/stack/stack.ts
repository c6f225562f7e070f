import { join } from 'node:path';
import type { BusEvent } from '../eventbridge/event-bus.ts';
import { loopback } from '../http/http-endpoint.ts';
import { startIot } from '../iot/iot.ts';
import { iotAuthorizer, iotTopicRule } from '../iot/iot-resources.ts';
import type { Log } from '../lambda/lambda.ts';
import type { LocalProblem } from '../local-problem.ts';
import type { Notification } from '../messaging/topics.ts';
import { readAssembly } from '../template/assembly.ts';
import { deploymentOf } from '../template/deployment.ts';
import { resourceTypes } from '../template/resource-types.ts';
import type { Account } from '../template/template.ts';
import { startConsumers } from './stack-consumers.ts';
import { type StackContext, stackContext, urlAt } from './stack-context.ts';
import { stackEvents } from './stack-events.ts';
import { gatewayOf } from './stack-gateway.ts';
import { graphqlOf } from './stack-graphql.ts';
import { stackLambdas } from './stack-lambdas.ts';
import { startStores } from './stack-stores.ts';

export type StackOptions = {
  /** Cloud assembly (cdk.out) to run. */
  readonly assembly: string;
  /** Folder for what is kept on disk: objects of S3. */
  readonly folder: string;
  /** 0, the default: a free port. */
  readonly ports?: Partial<Record<'ocpp' | 'graphql' | 'mqtt' | 'dynamodb', number>>;
  /** A line a Lambda wrote, or what went wrong inside the runtime (source 'local'). */
  readonly log?: Log;
  /** A notification somebody would have been sent. Default: logged. */
  readonly notified?: (notification: Notification) => void;
};

export type Endpoints = {
  /** Chargers append their station id. */
  readonly ocpp: string;
  readonly mqtt: string;
  readonly graphql: string;
  readonly apiKey: string;
  readonly dynamodb: string;
};

export type StackCounts = {
  /** Open WebSocket connections. */
  readonly connections: number;
  /** Frames chargers sent since the start. */
  readonly messages: number;
  /** How long the latest batch of stream records had waited, ms. */
  readonly lagMs: number;
  /** Records and events given up, and failures inside the runtime, since the start. */
  readonly problems: number;
};

export type LocalStack = {
  readonly endpoints: Endpoints;
  readonly region: string;
  /** The stack's outputs under their names on AWS; addresses lead to this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What a process needs in its environment for the AWS SDK to talk to this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly counts: () => StackCounts;
  /** Invokes a Lambda by name or ARN; a part of its logical id will do when only one matches. */
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  /** Calls back for every event on any bus. */
  readonly onEvent: (listener: (busName: string, event: BusEvent) => void) => void;
  /** Resolves when a part is lost without which the rest cannot go on. */
  readonly broken: Promise<LocalProblem>;
  readonly stop: () => Promise<void>;
};

const localAccount = { region: 'eu-west-1', accountId: '000000000000' };

/** Runs a synthesized stack on this machine. Throws LocalProblem or UnsupportedTemplate, with nothing left running. */
export const startLocal = async (options: StackOptions): Promise<LocalStack> => {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    // The last to start is the first to stop: ways in and consumers before the stores behind them.
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  try {
    const assembly = readAssembly(options.assembly);
    const account: Account = { ...localAccount, stackName: assembly.stackName };
    const deployment = deploymentOf(assembly.template, account, resourceTypes);
    const context = stackContext(deployment, account, options.log ?? (() => undefined), (end) => stops.push(end));
    const stack = await start(context, options, assembly.assetPath);
    const forgotten = deployment.untaken();
    if (forgotten.length > 0) throw new Error(`No emulator takes ${forgotten.join(', ')}`);
    return { ...stack, region: account.region, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (
  context: StackContext,
  options: StackOptions,
  assetPath: (objectKey: string) => string,
): Promise<Omit<LocalStack, 'region' | 'stop'>> => {
  const { deployment, account, open, report, now, log } = context;
  const ports = options.ports ?? {};
  const notified = options.notified ?? (({ subject, message }) => log('sns', `${subject ?? ''} ${message}`));

  const stores = await startStores(context, join(options.folder, 's3'), ports.dynamodb ?? 0, notified);
  const lambdas = stackLambdas(context, stores, notified, assetPath);
  const { invoke, invokeLater } = lambdas;

  const buses = stackEvents(context, stores, lambdas, notified);
  const eventsPort = await open(buses.server, 0, '--events-port');
  const graphql = graphqlOf(deployment, { dynamodb: stores.dynamodb, invoke, now });
  const graphqlPort = await open(graphql.server, ports.graphql ?? 0, '--graphql-port');
  const gateway = gatewayOf(deployment, { invoke, account, now });
  const ocppPort = await open(gateway.server, ports.ocpp ?? 0, '--port');
  const managementPort = await open(gateway.management, 0, '--management-port');
  const iot = await startIot(deployment.all(iotTopicRule), deployment.all(iotAuthorizer), {
    invoke,
    invokeAsync: invokeLater,
    putObject: stores.objects.put,
    report,
    account,
    now,
  });
  const mqttPort = await open(iot.broker, ports.mqtt ?? 0, '--mqtt-port');
  const iotPort = await open(iot.dataPlane, 0, '--iot-port');

  const environment = {
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: urlAt(managementPort),
    AWS_ENDPOINT_URL_EVENTBRIDGE: urlAt(eventsPort),
    AWS_ENDPOINT_URL_IOT_DATA_PLANE: urlAt(iotPort),
    ...stores.environment,
  };
  const ocppUrl = `ws://${loopback}:${ocppPort}`;
  // Addresses the template makes up from ids, and where they lead on this machine.
  const addresses = [
    [`https://${gateway.domainName}`, urlAt(managementPort)],
    [`wss://${gateway.domainName}`, ocppUrl],
    [`wss://${gateway.frontDoorName}`, ocppUrl],
    [graphql.url, `${urlAt(graphqlPort)}/graphql`],
  ] as const;
  const rewritten = (value: string) => {
    const [from, to] = addresses.find(([address]) => value.startsWith(address)) ?? ['', ''];
    return `${to}${value.slice(from.length)}`;
  };

  await lambdas.start(environment, rewritten);
  const lagMs = await startConsumers(context, stores, lambdas);
  context.onStop(iot.stop);
  context.onStop(gateway.stop);
  const outputs = Object.entries(deployment.outputs()).map(([name, value]) => [name, rewritten(String(value))]);
  return {
    endpoints: {
      ocpp: `${ocppUrl}/ocpp`,
      mqtt: `mqtt://${loopback}:${mqttPort}`,
      graphql: `${urlAt(graphqlPort)}/graphql`,
      apiKey: graphql.apiKey,
      dynamodb: urlAt(stores.dynamodbPort),
    },
    outputs: Object.fromEntries(outputs),
    environment,
    counts: () => ({ ...gateway.counts(), lagMs: lagMs(), problems: context.problems() }),
    invoke: (name, event) => invoke(lambdas.named(name), event),
    onEvent: buses.onEvent,
    broken: stores.broken,
  };
};
