import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import { callPolicies, clientConfig } from '../../../aws/call-policy.ts';
import { mqttOut } from '../../../aws/messaging/mqtt-out.ts';
import { ocppStream } from '../../../aws/messaging/ocpp-stream.ts';
import { sockets } from '../../../aws/messaging/sockets.ts';
import { opening } from '../../support/opening.ts';

type Seen = { readonly method: string; readonly url: string; readonly body: string };
let stop = async (): Promise<void> => {};
afterEach(() => stop());

/** A stand-in for an AWS endpoint that answers everything alike. */
const endpoint = async (status: number, headers: Record<string, string>, body = '{}') => {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ method: request.method ?? '', url: request.url ?? '', body: Buffer.concat(chunks).toString() });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => new Promise((resolve) => server.close(() => resolve()));
  const { port } = server.address() as AddressInfo;
  const config = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  return { seen, config };
};

describe('the stream', () => {
  const envelope = { kind: 'registered', stationId: 'CP01', receivedAt: 5 } as const;
  const requestHandler = new NodeHttpHandler();

  it('gets the envelope as JSON, keyed by its station', async () => {
    const { seen, config } = await endpoint(
      200,
      { 'content-type': 'application/x-amz-json-1.1' },
      '{"SequenceNumber":"1","ShardId":"s"}',
    );
    await ocppStream('ocpp', opening(new KinesisClient({ ...config, requestHandler }))).put(envelope);
    const { StreamName, PartitionKey, Data } = JSON.parse(seen[0]?.body ?? '{}');
    expect([StreamName, PartitionKey, JSON.parse(Buffer.from(Data, 'base64').toString())]).toEqual([
      'ocpp',
      'CP01',
      envelope,
    ]);
  });

  it('rejects when Kinesis refuses the record', async () => {
    const body = '{"__type":"ProvisionedThroughputExceededException","message":"slow down"}';
    const { config } = await endpoint(400, { 'content-type': 'application/x-amz-json-1.1' }, body);
    const stream = ocppStream('ocpp', opening(new KinesisClient({ ...config, requestHandler })));
    await expect(stream.put(envelope)).rejects.toThrow('slow down');
  });

  it('rejects when Kinesis says nothing at all, after every attempt', async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    stop = () =>
      new Promise((resolve) => {
        silent.close(() => resolve());
        silent.closeAllConnections();
      });
    const { port } = silent.address() as AddressInfo;
    const config = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    };
    const policy = { ...callPolicies.keeping, requestMs: 50 };
    const client = new KinesisClient({ ...config, ...clientConfig(policy) });
    await expect(ocppStream('ocpp', opening(client)).put(envelope)).rejects.toThrow(/timeout/i);
    expect(asked).toBe(3);
  });
});

describe('sockets', () => {
  const open = (config: ApiGatewayManagementApiClientConfig) =>
    sockets('unused', opening(new ApiGatewayManagementApiClient(config)));

  it('are closed by their id', async () => {
    const { seen, config } = await endpoint(204, {});
    await open(config).close('ab+c=');
    expect(seen.map(({ method, url }) => [method, decodeURIComponent(url)])).toEqual([
      ['DELETE', '/@connections/ab+c='],
    ]);
  });

  it('may be gone already', async () => {
    const { config } = await endpoint(410, { 'x-amzn-errortype': 'GoneException' });
    await expect(open(config).close('a')).resolves.toBeUndefined();
  });

  it('report any other failure', async () => {
    const { config } = await endpoint(403, { 'x-amzn-errortype': 'ForbiddenException' });
    await expect(open(config).close('a')).rejects.toThrow();
  });
});

describe('mqtt', () => {
  it('publishes to the topic of one station, at least once', async () => {
    const { seen, config } = await endpoint(200, {});
    await mqttOut(opening(new IoTDataPlaneClient(config))).publish('CP01', '[3,"m1",{}]');
    expect(seen.map(({ url, body }) => [decodeURIComponent(url), body])).toEqual([
      ['/topics/ocpp/CP01/out?qos=1', '[3,"m1",{}]'],
    ]);
  });
});
