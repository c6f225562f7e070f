import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LocalSystem } from '../local-system.ts';
import type { Log } from '../stack/local-service.ts';
import type { ThrownError, WorkerReply, WorkerRequest, WorkerSettings } from './worker-request.ts';

/** A handler that threw, timed out or could not be loaded: the invocation failed, as the caller of the service sees it. */
export class InvocationFailed extends Error {
  override readonly name = 'InvocationFailed';
  readonly functionName: string;
  /** The name of the error the handler threw. */
  readonly errorType: string;

  constructor(functionName: string, thrown: ThrownError) {
    super(thrown.message);
    this.functionName = functionName;
    this.errorType = thrown.name;
    // The handler's own stack: ours would only show the message port.
    this.stack = thrown.stack;
  }
}

export type FunctionDefinition = {
  readonly functionName: string;
  readonly functionArn: string;
  /** Folder of the built asset. */
  readonly folder: string;
  /** Where its compiled code is kept from start to start. Default: nowhere. */
  readonly cacheFolder?: string;
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
};

export type LocalFunction = {
  /** The handler's result. Throws InvocationFailed. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Loads the module before the first invocation. */
  readonly warm: () => Promise<void>;
  /** Ends its process at once; what it was doing fails. */
  readonly crash: () => void;
  readonly stop: () => Promise<void>;
};

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };
type Environment = {
  readonly worker: Worker;
  readonly waiting: Map<string, Waiting>;
  readonly ready: Promise<void>;
};

export type FunctionPorts = { readonly log: Log; readonly system: LocalSystem };

/** Heap limit of a worker: what the function asks for, and enough for the modules of all functions alike. */
const smallestHeapMiB = 256;

/** One Lambda function in a worker thread that starts with the first invocation and again after a crash or time-out. */
export const localFunction = (definition: FunctionDefinition, { log, system }: FunctionPorts): LocalFunction => {
  const { functionName, functionArn, timeoutMs } = definition;
  const [file = '', exported = ''] = splitHandler(definition.handler);
  let current: Environment | undefined;
  const living = new Set<Worker>();

  const start = (): Environment => {
    const worker = new Worker(new URL('./lambda-worker.mjs', import.meta.url), {
      workerData: {
        entryFile: entryFileOf(definition.folder, file),
        exported,
        functionName,
        functionArn,
        memoryMiB: definition.memoryMiB,
        cacheFolder: definition.cacheFolder,
      } satisfies WorkerSettings,
      env: { ...definition.environment },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(smallestHeapMiB, definition.memoryMiB) },
    });
    living.add(worker);
    for (const output of [worker.stdout, worker.stderr])
      output.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n')) if (line !== '') log(functionName, line);
      });
    const waiting = new Map<string, Waiting>();
    const { promise: ready, resolve: announceReady, reject: announceBroken } = Promise.withResolvers<void>();
    // Nobody may be waiting for `ready`: the invocations in `waiting` carry the failure.
    ready.catch(() => undefined);
    const environment: Environment = { worker, waiting, ready };
    const fail = (thrown: ThrownError) => {
      const failure = new InvocationFailed(functionName, thrown);
      announceBroken(failure);
      if (current === environment) current = undefined;
      for (const { reject } of waiting.values()) reject(failure);
      waiting.clear();
    };
    worker.on('message', (message: WorkerReply) => {
      if (message.kind === 'ready') return announceReady();
      if (message.kind === 'broken') {
        fail(message.error);
        return void worker.terminate();
      }
      const invocation = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'result') return invocation?.resolve(JSON.parse(message.result));
      return invocation?.reject(new InvocationFailed(functionName, message.error));
    });
    worker.on('error', (error) => fail({ name: error.name, message: error.message, stack: error.stack ?? '' }));
    worker.on('exit', (code) => {
      living.delete(worker);
      fail({ name: 'Runtime.ExitError', message: `The function's process ended (exit ${code})`, stack: '' });
    });
    return environment;
  };

  /** A timed-out handler still runs: later invocations get a fresh worker, this one goes when its other work is done. */
  const retire = (environment: Environment) => {
    if (current === environment) current = undefined;
    if (environment.waiting.size === 0) void environment.worker.terminate();
  };

  const invoke = (event: unknown): Promise<unknown> => {
    current ??= start();
    const environment = current;
    const id = system.uuid();
    return new Promise((resolve, reject) => {
      const cancel = system.after(timeoutMs, () => {
        environment.waiting.delete(id);
        retire(environment);
        const message = `Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
        reject(new InvocationFailed(functionName, { name: 'Sandbox.Timedout', message, stack: message }));
      });
      const settle = () => {
        cancel();
        if (current !== environment && environment.waiting.size === 0) void environment.worker.terminate();
      };
      environment.waiting.set(id, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      const message: WorkerRequest = { id, event: JSON.stringify(event), deadline: system.clock() + timeoutMs };
      environment.worker.postMessage(message);
    });
  };

  return {
    invoke: async (event) => {
      try {
        return await invoke(event);
      } catch (error) {
        if (error instanceof InvocationFailed) log(functionName, error.stack || error.message);
        throw error;
      }
    },
    warm: () => {
      current ??= start();
      return current.ready;
    },
    crash: () => {
      for (const worker of living) void worker.terminate();
    },
    stop: async () => {
      await Promise.all([...living].map((worker) => worker.terminate()));
    },
  };
};

const splitHandler = (handler: string): readonly [string, string] => {
  const dot = handler.lastIndexOf('.');
  return [handler.slice(0, dot), handler.slice(dot + 1)];
};

const entryFileOf = (folder: string, file: string): string => {
  const found = ['.mjs', '.js', '.cjs'].map((extension) => join(folder, `${file}${extension}`)).find(existsSync);
  if (found === undefined) throw new Error(`The asset ${folder} has no ${file}.mjs or ${file}.js`);
  return found;
};
