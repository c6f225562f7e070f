import { dirname, join } from 'node:path';
import type { StackContext } from '../stack/local-service.ts';
import type { Resource } from '../template/resource-kind.ts';
import type { FunctionProperties } from './lambda-function.ts';
import { type LocalFunction, localFunction } from './local-function.ts';

/** The template's functions, by name. */
export type LocalFunctions = {
  /** Throws InvocationFailed. */
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Loads all of them. Their environment names everything else: the other services have started by then. */
  readonly load: () => Promise<void>;
  /** Ends the process of the functions whose name has this part. */
  readonly crash: (part: string) => void;
  readonly stop: () => Promise<void>;
};

export const localFunctions = (
  resources: readonly Resource<FunctionProperties>[],
  context: StackContext,
): LocalFunctions => {
  const { arnOf, assetPath, system, environment, log, refOf, report, rewritten } = context;
  const functions = new Map<string, LocalFunction>();

  const made = ({ logicalId, properties }: Resource<FunctionProperties>): LocalFunction => {
    const { Code, Environment, Handler, MemorySize, Timeout } = properties;
    if (!('S3Key' in Code)) throw new Error(`${logicalId}: inline code is not supported by the local runtime`);
    const folder = assetPath(Code.S3Key);
    const own = Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [name, rewritten(String(value))]);
    return localFunction(
      {
        functionName: refOf(logicalId),
        functionArn: arnOf(logicalId),
        folder,
        // With the assembly, which ends when its sources change.
        cacheFolder: join(dirname(folder), 'compiled'),
        handler: Handler,
        timeoutMs: Timeout * 1_000,
        memoryMiB: MemorySize,
        environment: {
          ...environment(),
          AWS_LAMBDA_FUNCTION_NAME: refOf(logicalId),
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
          AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
          AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
          TZ: ':UTC',
          ...Object.fromEntries(own),
        },
      },
      { log, system },
    );
  };

  return {
    invoke: async (functionName, event) => {
      const found = functions.get(functionName);
      if (found === undefined) throw new Error(`No function ${functionName}`);
      return await found.invoke(event);
    },
    load: async () => {
      for (const resource of resources) functions.set(refOf(resource.logicalId), made(resource));
      // One that cannot be loaded fails its invocations and leaves the others alone, as on the service.
      await Promise.all(
        [...functions].map(([name, one]) =>
          one.warm().catch((error: unknown) => report(`${name} cannot be loaded: ${String(error)}`)),
        ),
      );
    },
    crash: (part) => {
      const found = [...functions].filter(([name]) => name.includes(part));
      if (found.length === 0) throw new Error(`No function called ${part}: ${[...functions.keys()].join(', ')}`);
      for (const [, one] of found) one.crash();
    },
    stop: async () => {
      await Promise.all([...functions.values()].map((one) => one.stop()));
    },
  };
};
