/**
 * Runs inside a worker thread: one Lambda function's own module and its own process.env. Invocations interleave, where the
 * service gives each its own environment: a handler that keeps state of one invocation in its module shows here, not there.
 */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { localSystem } from '../local-system.ts';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './worker-request.ts';

const { entryFile, exported, functionName, functionArn, memoryMiB }: WorkerSettings = workerData;

const port = parentPort;
if (port === null) throw new Error('lambda-worker.ts runs only as a worker thread');
const send = (message: WorkerReply) => port.postMessage(message);

type Handler = (event: unknown, context: object) => unknown;
const loaded: Promise<Handler> = import(pathToFileURL(entryFile).href).then((module: Record<string, unknown>) => {
  const handler = module[exported];
  if (typeof handler !== 'function') throw new Error(`${entryFile} exports no function '${exported}'`);
  return handler as Handler;
});
loaded.then(
  () => send({ kind: 'ready' }),
  (error: unknown) => send({ kind: 'broken', error: described(error) }),
);

const described = (error: unknown) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack ?? '' }
    : { name: 'Error', message: String(error), stack: '' };

const invoke = async ({ id, event, deadline }: WorkerRequest) => {
  try {
    const handler = await loaded;
    const result = await handler(JSON.parse(event), {
      awsRequestId: id,
      functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn,
      memoryLimitInMB: String(memoryMiB),
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, deadline - localSystem.clock()),
    });
    send({ kind: 'result', id, result: JSON.stringify(result ?? null) });
  } catch (error) {
    send({ kind: 'failed', id, error: described(error) });
  }
};

port.on('message', (message: WorkerRequest) => {
  void invoke(message);
});
