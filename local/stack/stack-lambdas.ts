import type { FailedBatch } from '../event-sources/event-source.ts';
import { asyncDefaults, invokeAsync, lambdaEventInvokeConfig } from '../lambda/async-invocation.ts';
import { type Lambda, lambda, lambdaFunction } from '../lambda/lambda.ts';
import type { Notification } from '../messaging/topics.ts';
import { arnIn, refIn, type StackContext } from './stack-context.ts';
import type { Stores } from './stack-stores.ts';

/** The Lambdas, reached by ARN or name. They are made last, because their environment names everything else. */
export type Lambdas = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Asynchronously, with the function's own retries and failure destination. */
  readonly invokeLater: (functionArn: string, event: unknown) => void;
  readonly deliverFailure: (destination: string, failure: FailedBatch) => Promise<void>;
  readonly start: (
    environment: Readonly<Record<string, string>>,
    rewritten: (value: string) => string,
  ) => Promise<void>;
  /** The name of the one function a person means. */
  readonly named: (name: string) => string;
};

const nameIn = (functionArn: string): string => functionArn.replace(/^.*:function:/, '');

export const stackLambdas = (
  context: StackContext,
  stores: Stores,
  notified: (notification: Notification) => void,
  assetPath: (objectKey: string) => string,
): Lambdas => {
  const { deployment, report, log, now } = context;
  const lambdas = new Map<string, Lambda>();

  const invoke: Lambdas['invoke'] = async (functionArn, event) => {
    const found = lambdas.get(nameIn(functionArn));
    if (found === undefined) throw new Error(`No function ${functionArn}`);
    return await found.invoke(event);
  };

  const deliverFailure: Lambdas['deliverFailure'] = async (destination, { key, record, payload }) => {
    const bucket = /^arn:aws:s3:::(.+)$/.exec(destination)?.[1];
    if (bucket !== undefined)
      return await stores.objects.put(bucket, key, JSON.stringify({ ...record, ...(payload && { payload }) }));
    if (destination.includes(':sqs:')) return stores.queues.send(destination, JSON.stringify(record));
    if (destination.includes(':sns:'))
      return notified({ topicArn: destination, subject: undefined, message: JSON.stringify(record) });
    throw new Error(`Failure destination ${destination} is not supported by the local runtime`);
  };

  const settings = new Map(
    deployment
      .all(lambdaEventInvokeConfig)
      .map(({ properties }) => [
        nameIn(properties.FunctionName),
        { retries: properties.MaximumRetryAttempts, destination: properties.DestinationConfig?.OnFailure?.Destination },
      ]),
  );
  const invokeLater: Lambdas['invokeLater'] = (functionArn, event) => {
    const name = nameIn(functionArn);
    invokeAsync(functionArn, event, settings.get(name) ?? asyncDefaults, { invoke, deliverFailure, report, now }).catch(
      (error: unknown) => report(`${name}: ${error instanceof Error ? error.message : String(error)}`),
    );
  };

  const start: Lambdas['start'] = async (environment, rewritten) => {
    for (const { logicalId, properties } of deployment.all(lambdaFunction)) {
      const functionName = refIn(context, logicalId);
      const { Code, Environment, Handler, MemorySize, Timeout } = properties;
      if (!('S3Key' in Code)) throw new Error(`${logicalId}: inline code is not supported by the local runtime`);
      const own = Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [name, rewritten(String(value))]);
      const made = lambda(
        {
          functionName,
          functionArn: arnIn(context, logicalId),
          folder: assetPath(Code.S3Key),
          handler: Handler,
          timeoutMs: Timeout * 1_000,
          memoryMiB: MemorySize,
          environment: {
            ...environment,
            AWS_LAMBDA_FUNCTION_NAME: functionName,
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
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
    context.onStop(async () => {
      await Promise.all([...lambdas.values()].map((one) => one.stop()));
    });
    // One that cannot be loaded fails its invocations and leaves the others alone, as on the service.
    await Promise.all(
      [...lambdas].map(([name, one]) =>
        one.warm().catch((error: unknown) => report(`${name} cannot be loaded: ${String(error)}`)),
      ),
    );
  };

  const named: Lambdas['named'] = (name) => {
    const names = [...lambdas.keys()];
    const matching = names.filter((candidate) => candidate.includes(nameIn(name)));
    const chosen =
      names.find((candidate) => candidate === nameIn(name)) ?? (matching.length === 1 ? matching[0] : undefined);
    if (chosen === undefined) throw new Error(`No function, or more than one, called ${name}: ${names.join(', ')}`);
    return chosen;
  };

  return { invoke, invokeLater, deliverFailure, start, named };
};
