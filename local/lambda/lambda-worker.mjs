/**
 * Runs inside a worker thread: one Lambda function's own module and its own process.env. Invocations interleave, where the
 * service gives each its own environment: a handler that keeps state of one invocation in its module shows here, not there.
 *
 * Plain JavaScript without imports of ours: every function has a thread, and each would load what strips types.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** What was compiled is written once the stack is up: until then there are no cores to spare. */
const KEPT_AFTER_MS = 10_000;

/** @type {import('./worker-request.ts').WorkerSettings} */
const { cacheFolder, entryFile, exported, functionName, functionArn, memoryMiB } = workerData;
if (cacheFolder !== undefined) enableCompileCache(cacheFolder);

const port = parentPort;
if (port === null) throw new Error('lambda-worker.mjs runs only as a worker thread');
/** @param {import('./worker-request.ts').WorkerReply} message */
const send = (message) => port.postMessage(message);

/** @param {unknown} error */
const described = (error) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack ?? '' }
    : { name: 'Error', message: String(error), stack: '' };

const loaded = import(pathToFileURL(entryFile).href).then((module) => {
  const handler = module[exported];
  if (typeof handler !== 'function') throw new Error(`${entryFile} exports no function '${exported}'`);
  return handler;
});
loaded.then(
  () => {
    send({ kind: 'ready' });
    setTimeout(flushCompileCache, KEPT_AFTER_MS).unref();
  },
  (error) => send({ kind: 'broken', error: described(error) }),
);

/** @param {import('./worker-request.ts').WorkerRequest} request */
const invoke = async ({ id, event, deadline }) => {
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
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    send({ kind: 'result', id, result: JSON.stringify(result ?? null) });
  } catch (error) {
    send({ kind: 'failed', id, error: described(error) });
  }
};

port.on('message', (message) => {
  void invoke(message);
});
