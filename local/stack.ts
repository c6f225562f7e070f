import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from './assembly.ts';
import { asyncDefaults, invokeAsync, lambdaEventInvokeConfig } from './async-invocation.ts';
import { awsJsonCall } from './aws-json-call.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { createTable, dynamodbTable } from './dynamodb.ts';
import { startDynamodb } from './dynamodb-process.ts';
import { type BusEvent, eventBus, eventBuses, eventRule } from './event-bus.ts';
import { eventSourceMapping, type FailedBatch, startEventSource } from './event-source.ts';
import { close, listen, loopback } from './http-endpoint.ts';
import { iotAuthorizer, iotTopicRule, startIot } from './iot.ts';
import { kinesisReader, kinesisStream, startKinesis, streamInArn } from './kinesis.ts';
import { type Lambda, type Log, lambda, lambdaFunction } from './lambda.ts';
import { inMemoryQueues, sqsQueue } from './queues.ts';
import { resourceTypes } from './resource-types.ts';
import { objectStore, s3Bucket, s3Server } from './s3.ts';
import { schedule, startSchedules } from './schedule.ts';
import { gatewayOf } from './stack-gateway.ts';
import { startGraphql } from './stack-graphql.ts';
import { tableStreamReader } from './table-stream.ts';
import type { Account } from './template.ts';
import { timestreamDatabaseKind, timestreamEndpoint, timestreamTableKind, timestreamTableSetup } from './timestream.ts';
import { type Notification, snsServer, snsTopic } from './topics.ts';

export type StackOptions = {
  /** Cloud assembly (cdk.out) to run. */
  readonly assembly: string;
  /** Folder for what is kept on disk: objects of S3. */
  readonly folder: string;
  /** 0, the default: a free port. */
  readonly ports?: Partial<Record<'ocpp' | 'graphql' | 'mqtt' | 'dynamodb', number>>;
  /** A line a Lambda wrote, or what went wrong inside the runtime (source 'local'). */
  readonly log?: Log;
  readonly notified?: (notification: Notification) => void;
};

export type Endpoints = {
  /** Chargers append their station id. */
  readonly ocpp: string;
  readonly mqtt: string;
  readonly graphql: string;
  readonly apiKey: string;
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly s3: string;
  readonly events: string;
};

export type LocalStack = {
  readonly endpoints: Endpoints;
  readonly region: string;
  /** The stack's outputs under their names on AWS; addresses lead to this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What a process needs in its environment for the AWS SDK to talk to this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly counts: () => StackCounts;
  /** Invokes a Lambda by logical id, name or ARN (a unique part of the logical id will do). */
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  /** Calls back for every event on any bus. */
  readonly onEvent: (listener: (busName: string, event: BusEvent) => void) => void;
  readonly stop: () => Promise<void>;
};

export type StackCounts = {
  readonly connections: number;
  /** Frames chargers sent since the start. */
  readonly messages: number;
  /** How long the newest batch of stream records had waited, ms. */
  readonly lagMs: number;
  /** Records and events given up or failed since the start. */
  readonly problems: number;
};

export const localRegion = 'eu-west-1';
const account = (stackName: string): Account => ({ region: localRegion, accountId: '000000000000', stackName });

/** Runs a synthesized stack on this machine. Throws LocalProblem or UnsupportedTemplate, with nothing left running. */
export const startLocal = async (options: StackOptions): Promise<LocalStack> => {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    // Last in, first out: consumers before the stores they read.
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (
  options: StackOptions,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<LocalStack> => {
  const log: Log = options.log ?? (() => undefined);
  const now = () => Date.now();
  const assembly = readAssembly(options.assembly);
  const { region, ...rest } = account(assembly.stackName);
  const here: Account = { region, ...rest };
  const deployment = deploymentOf(assembly.template, here, resourceTypes);
  let problems = 0;
  const report = (problem: string) => {
    problems += 1;
    log('local', problem);
  };
  const open = async (server: Parameters<typeof listen>[0], port: number, flag: string): Promise<number> => {
    const bound = await listen(server, port, flag);
    stops.push(() => close(server));
    return bound;
  };

  // Stores first; DynamoDB's Java machine takes longest, so the rest starts beside it.
  const wanted = options.ports ?? {};
  const databaseStarting = startDynamodb(wanted.dynamodb ?? 0);
  stops.push(async () => (await databaseStarting.catch(() => undefined))?.stop());
  const kinesis = await startKinesis(here);
  stops.push(kinesis.stop);
  await Promise.all(
    deployment
      .all(kinesisStream)
      .map(({ logicalId, properties }) =>
        kinesis.createStream(deployment.physical(logicalId).ref, properties.ShardCount ?? 1),
      ),
  );

  const objectFolder = join(options.folder, 's3');
  mkdirSync(objectFolder, { recursive: true });
  const bucketNames = deployment.all(s3Bucket).map(({ logicalId }) => deployment.physical(logicalId).ref);
  const objects = objectStore(objectFolder);
  const s3Port = await open(s3Server(objects, new Set(bucketNames)), 0, '--s3-port');

  deployment.all(timestreamDatabaseKind);
  const windowTables = deployment
    .all(timestreamTableKind)
    .map(({ logicalId, properties }) =>
      timestreamTableSetup(deployment.physical(logicalId).attributes.Name ?? '', properties),
    );
  const timestream = windowTables.length === 0 ? undefined : await timestreamEndpoint(windowTables, now);
  if (timestream !== undefined) stops.push(timestream.close);
  const timestreamPort = timestream && (await open(timestream.server, 0, '--timestream-port'));

  const queues = inMemoryQueues(deployment.all(sqsQueue).map(({ logicalId }) => arn(deployment, logicalId)));
  const notified =
    options.notified ?? (({ subject, message }: Notification) => log('sns', `${subject ?? ''} ${message}`));
  const topics = new Set(deployment.all(snsTopic).map(({ logicalId }) => deployment.physical(logicalId).ref));
  const snsPort = await open(snsServer(topics, notified), 0, '--sns-port');

  // Lambdas are reached by ARN; they start with their first event.
  const lambdas = new Map<string, Lambda>();
  const invoke = (functionArn: string, event: unknown): Promise<unknown> => {
    const name = functionArn.replace(/^.*:function:/, '');
    const found = lambdas.get(name);
    if (found === undefined) return Promise.reject(new Error(`No function ${functionArn}`));
    return found.invoke(event);
  };

  const deliverFailure = async (destination: string, { key, record, payload }: FailedBatch): Promise<void> => {
    if (destination.startsWith('arn:aws:s3:::'))
      return await objects.put(
        destination.slice('arn:aws:s3:::'.length),
        key,
        JSON.stringify({ ...record, ...(payload && { payload }) }),
      );
    if (destination.includes(':sqs:')) return queues.send(destination, JSON.stringify(record));
    if (destination.includes(':sns:'))
      return notified({ topicArn: destination, subject: undefined, message: JSON.stringify(record) });
    throw new Error(`Failure destination ${destination} is not supported by the local runtime`);
  };

  const asyncSettings = new Map(
    deployment
      .all(lambdaEventInvokeConfig)
      .map(({ properties }) => [
        properties.FunctionName,
        { retries: properties.MaximumRetryAttempts, destination: properties.DestinationConfig?.OnFailure?.Destination },
      ]),
  );
  const asynchronous = new Set<Promise<void>>();
  const invokeLater = (functionArn: string, event: unknown): Promise<void> => {
    const name = functionArn.replace(/^.*:function:/, '');
    const running = invokeAsync(functionArn, event, asyncSettings.get(name) ?? asyncDefaults, {
      invoke,
      deliverFailure,
      report,
      now,
    })
      .catch((error: unknown) => report(`${name}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => asynchronous.delete(running));
    asynchronous.add(running);
    return running;
  };

  const buses = eventBuses(
    deployment.all(eventBus).map(({ logicalId }) => deployment.physical(logicalId).ref),
    deployment.all(eventRule),
    {
      deliver: async (target, input, partitionKey) => {
        if (target.includes(':lambda:')) return void invokeLater(target, input);
        if (target.includes(':sqs:')) return queues.send(target, JSON.stringify(input));
        if (target.includes(':sns:'))
          return notified({ topicArn: target, subject: undefined, message: JSON.stringify(input) });
        if (target.includes(':kinesis:'))
          return void (await kinesis.call('Kinesis_20131202.PutRecord', {
            StreamName: streamInArn(target),
            PartitionKey: partitionKey ?? 'none',
            Data: Buffer.from(JSON.stringify(input)).toString('base64'),
          }));
        throw new Error(`Event target ${target} is not supported by the local runtime`);
      },
      deadLetter: async (queue, event) => queues.send(queue, JSON.stringify(event)),
      report,
      account: here,
      now,
    },
  );
  const eventsPort = await open(buses.server, 0, '--events-port');

  const gateway = gatewayOf(deployment, { invoke, account: here, now });
  const ocppPort = await open(gateway.server, wanted.ocpp ?? 0, '--port');
  const managementPort = await open(gateway.management, 0, '--management-port');
  stops.push(gateway.stop);

  const iot = await startIot(deployment.all(iotTopicRule), deployment.all(iotAuthorizer), {
    invoke,
    invokeAsync: (functionArn, event) => void invokeLater(functionArn, event),
    putObject: objects.put,
    report,
    account: here,
    now,
  });
  const mqttPort = await open(iot.broker, wanted.mqtt ?? 0, '--mqtt-port');
  const iotPort = await open(iot.dataPlane, 0, '--iot-port');
  stops.push(iot.stop);

  const database = await databaseStarting;
  const dynamodb = awsJsonCall(database.port, 'dynamodb', region);
  stops.push(dynamodb.close);
  await Promise.all(
    deployment
      .all(dynamodbTable)
      .map((table) => createTable(dynamodb.call, deployment.physical(table.logicalId).ref, table)),
  );

  const graphql = await startGraphql(deployment, { dynamodb: dynamodb.call, invoke, now });
  const graphqlPort = await open(graphql.server, wanted.graphql ?? 0, '--graphql-port');

  const at = (port: number) => `http://${loopback}:${port}`;
  const environment: Record<string, string> = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: at(managementPort),
    AWS_ENDPOINT_URL_DYNAMODB: at(database.port),
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: at(database.port),
    AWS_ENDPOINT_URL_EVENTBRIDGE: at(eventsPort),
    AWS_ENDPOINT_URL_IOT_DATA_PLANE: at(iotPort),
    AWS_ENDPOINT_URL_KINESIS: at(kinesis.port),
    AWS_ENDPOINT_URL_S3: at(s3Port),
    AWS_ENDPOINT_URL_SNS: at(snsPort),
    ...(timestreamPort && {
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: at(timestreamPort),
      AWS_ENDPOINT_URL_TIMESTREAM_WRITE: at(timestreamPort),
    }),
  };
  // Addresses the template makes up from ids, and where they lead on this machine.
  const addresses: readonly (readonly [string, string])[] = [
    [`https://${gateway.domainName}`, at(managementPort)],
    [`wss://${gateway.domainName}`, `ws://${loopback}:${ocppPort}`],
    [`wss://${gateway.frontDoorName}`, `ws://${loopback}:${ocppPort}`],
    [graphql.url, `${at(graphqlPort)}/graphql`],
  ];
  const rewritten = (value: string) =>
    addresses.reduce((text, [from, to]) => (text.startsWith(from) ? `${to}${text.slice(from.length)}` : text), value);

  for (const { logicalId, properties } of deployment.all(lambdaFunction)) {
    const functionName = deployment.physical(logicalId).ref;
    if (!('S3Key' in properties.Code))
      throw new Error(`${logicalId}: inline code is not supported by the local runtime`);
    const own = Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [
      name,
      rewritten(String(value)),
    ]);
    const made = lambda(
      {
        functionName,
        functionArn: arn(deployment, logicalId),
        folder: assembly.assetPath(properties.Code.S3Key),
        handler: properties.Handler,
        timeoutMs: properties.Timeout * 1_000,
        memoryMiB: properties.MemorySize,
        environment: {
          ...environment,
          AWS_LAMBDA_FUNCTION_NAME: functionName,
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
          AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
          AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
          TZ: ':UTC',
          ...Object.fromEntries(own),
        },
      },
      log,
    );
    lambdas.set(functionName, made);
  }
  stops.push(async () => {
    await Promise.all([...lambdas.values()].map((one) => one.stop()));
  });
  // One that cannot be loaded fails its invocations and leaves the others alone, as on the service.
  await Promise.all(
    [...lambdas].map(([name, one]) =>
      one.warm().catch((error: unknown) => report(`${name} cannot be loaded: ${String(error)}`)),
    ),
  );

  let lagMs = 0;
  const pollers = await Promise.all(
    deployment.all(eventSourceMapping).map(async (mapping) => {
      const source = mapping.properties.EventSourceArn;
      const fromKinesis = source.includes(':kinesis:');
      if (!fromKinesis && !source.includes(':dynamodb:'))
        throw new Error(`${mapping.logicalId}: event source ${source} is not supported by the local runtime`);
      const reader = fromKinesis
        ? kinesisReader(kinesis.call, source, here)
        : await tableStreamReader(dynamodb.call, source, here);
      const poller = startEventSource(mapping, reader, {
        invoke,
        deliverFailure,
        report,
        now,
        handedOver: (oldestMs) => {
          lagMs = Math.max(0, now() - oldestMs);
        },
      });
      if (fromKinesis) kinesis.onPut(poller.wake);
      return poller;
    }),
  );
  stops.push(async () => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  });

  const schedules = startSchedules(deployment.all(schedule), {
    invoke,
    deadLetter: queues.send,
    report,
    now,
  });
  stops.push(schedules.stop);

  const forgotten = deployment.untaken();
  if (forgotten.length > 0) throw new Error(`No emulator takes ${forgotten.join(', ')}`);

  const byName = (name: string): string => {
    const exact = [...lambdas.keys()].find((key) => key === name || name.endsWith(`:function:${key}`));
    const partial = [...lambdas.keys()].filter((key) => key.includes(name));
    const chosen = exact ?? (partial.length === 1 ? partial[0] : undefined);
    if (chosen === undefined)
      throw new Error(`No function, or more than one, called ${name}: ${[...lambdas.keys()].join(', ')}`);
    return chosen;
  };

  return {
    endpoints: {
      ocpp: `ws://${loopback}:${ocppPort}/ocpp`,
      mqtt: `mqtt://${loopback}:${mqttPort}`,
      graphql: `${at(graphqlPort)}/graphql`,
      apiKey: graphql.apiKey,
      dynamodb: at(database.port),
      kinesis: at(kinesis.port),
      s3: at(s3Port),
      events: at(eventsPort),
    },
    region,
    outputs: Object.fromEntries(
      Object.entries(deployment.outputs()).map(([name, value]) => [name, rewritten(String(value))]),
    ),
    environment,
    counts: () => ({ ...gateway.counts(), lagMs, problems }),
    invoke: (name, event) => invoke(byName(name), event),
    onEvent: buses.onEvent,
    stop,
  };
};

const arn = (deployment: Deployment, logicalId: string): string => deployment.physical(logicalId).attributes.Arn ?? '';
