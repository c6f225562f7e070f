import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { close, listen, loopback } from '../http/http-server.ts';

/** How a store can be out: nobody listens; it takes requests and never answers; it asks to slow down. */
export type Fault = 'refuse' | 'hang' | 'throttle';

export type FaultProxy = {
  readonly port: number;
  /** Undefined: the store is well again. Requests under way are cut off. */
  readonly set: (fault: Fault | undefined) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A throttled store's answer, in each protocol the stores speak; S3 and SNS speak XML. */
const throttled: Readonly<Record<string, { readonly status: number; readonly body: string }>> = {
  dynamodb: { status: 400, body: '{"__type":"ThrottlingException","message":"Rate exceeded"}' },
  kinesis: { status: 400, body: '{"__type":"ProvisionedThroughputExceededException","message":"Rate exceeded"}' },
  s3: { status: 503, body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>' },
  sns: {
    status: 400,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
  },
};
const throttledElsewhere = { status: 400, body: '{"__type":"ThrottlingException","message":"Rate exceeded"}' };

/** Stands in front of a store's port and plays its outages to whoever comes through here. */
export const faultProxy = async (service: string, storePort: number): Promise<FaultProxy> => {
  const agent = new Agent({ keepAlive: true });
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
  };
  const answerFor = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (fault === undefined) return forward(incoming, outgoing);
    incoming.resume();
    if (fault !== 'throttle') return;
    const { status, body } = throttled[service] ?? throttledElsewhere;
    incoming.on('end', () => outgoing.writeHead(status, { 'x-amzn-errortype': 'ThrottlingException' }).end(body));
  };
  let server = createServer(answerFor);
  const port = await listen(server);

  return {
    port,
    set: async (next) => {
      if (fault === 'refuse') {
        server = createServer(answerFor);
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
