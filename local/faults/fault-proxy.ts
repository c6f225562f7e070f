import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { bodyOf, close, KEEP_ALIVE_MS, keepAliveAgent, listen, loopback } from '../http/http-server.ts';

/**
 * How a store can be out: nobody listens; it takes requests and never answers; it asks to slow down; it says that it took a
 * message, and nobody ever gets it (of queues only).
 */
export type Fault = 'refuse' | 'hang' | 'throttle' | 'lose';

/** A request to a store: its operation is the last part of `x-amz-target`, or the method where the service has none. */
export type StoreRequest = { readonly service: string; readonly operation: string; readonly body: string };

export type FaultProxy = {
  readonly port: number;
  /** Undefined: the store is well again. Requests under way are cut off. */
  readonly set: (fault: Fault | undefined) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Answer = (asked: string) => { readonly status: number; readonly body: string };

const throttledJson =
  (type: string): Answer =>
  () => ({ status: 400, body: JSON.stringify({ __type: type, message: 'Rate exceeded' }) });

/** A throttled store's answer in the words of its service. S3 and SNS speak XML; EventBridge refuses entry by entry. */
const throttled: Readonly<Record<string, Answer>> = {
  kinesis: throttledJson('ProvisionedThroughputExceededException'),
  s3: () => ({
    status: 503,
    body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
  }),
  sns: () => ({
    status: 400,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
  }),
  events: (asked) => {
    const entries = z.object({ Entries: z.array(z.unknown()) }).parse(JSON.parse(asked)).Entries;
    const refused = entries.map(() => ({ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }));
    return { status: 200, body: JSON.stringify({ FailedEntryCount: refused.length, Entries: refused }) };
  },
};
const throttledElsewhere = throttledJson('ThrottlingException');

/** The answer of a service that took all it was given. */
const lost: Readonly<Record<string, Answer>> = {
  sqs: (asked) => {
    const Entry = z.object({ Id: z.string(), MessageBody: z.string() });
    const Successful = z
      .object({ Entries: z.array(Entry) })
      .parse(JSON.parse(asked))
      .Entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      }));
    return { status: 200, body: JSON.stringify({ Successful, Failed: [] }) };
  },
};

/** Stands in front of a store's port, plays its outages to whoever comes through here, and tells of every request. */
export const faultProxy = async (
  service: string,
  storePort: number,
  requested?: (request: StoreRequest) => void,
): Promise<FaultProxy> => {
  const agent = keepAliveAgent();
  let fault: Fault | undefined;

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const passed = request({ host: loopback, port: storePort, method, path, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    // Who hung up does not wait for the answer either.
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
    if (requested === undefined) return;
    const target = headers['x-amz-target'];
    const operation = typeof target === 'string' ? (target.split('.').at(-1) ?? target) : method;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => requested({ service, operation, body: Buffer.concat(chunks).toString() }));
  };
  const answerFor = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (fault === undefined) return forward(incoming, outgoing);
    if (fault === 'hang') return void incoming.resume();
    bodyOf(incoming).then(
      (asked) => {
        const answer = fault === 'lose' ? lost[service] : (throttled[service] ?? throttledElsewhere);
        if (answer === undefined) return outgoing.destroy();
        const { status, body } = answer(asked.toString());
        outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
      },
      () => outgoing.destroy(),
    );
  };
  let server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, answerFor);
  const port = await listen(server);

  return {
    port,
    set: async (next) => {
      if (fault === 'refuse') {
        server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, answerFor);
        await listen(server, port);
      } else {
        server.closeAllConnections();
      }
      fault = next;
      if (fault === 'refuse') await close(server);
    },
    stop: async () => {
      if (fault !== 'refuse') await close(server);
      agent.destroy();
    },
  };
};
