import { once } from 'node:events';
import { createServer } from 'node:http';
import { GoneException } from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { connectionSender } from '../../../aws/commands/connection-sender.ts';
import { type OpenClient, openClient } from '../../../aws/open-client.ts';
import { opening } from '../../support/opening.ts';

type Sent = { readonly input: Readonly<Record<string, unknown>> };

const setUp = (failure?: Error) => {
  const sent: unknown[] = [];
  const client = {
    send: async ({ input }: Sent) => {
      sent.push(input);
      if (failure) throw failure;
      return {};
    },
  };
  return { sent, sender: connectionSender('https://x', opening(client)) };
};
const connection = { connectionId: 'c', ocpp: '1.6', openedAt: 0 } as const;

describe('sending to a connection', () => {
  it('posts on a socket, once', async () => {
    const { sender, sent } = setUp();
    expect(await sender.send('S', { ...connection, transport: 'websocket' }, '[2]')).toBe('sent');
    expect(sent).toEqual([{ ConnectionId: 'c', Data: '[2]' }]);
  });

  it('publishes on the topic of the station, at most once (QoS 0)', async () => {
    const { sender, sent } = setUp();
    expect(await sender.send('S', { ...connection, transport: 'mqtt' }, '[2]')).toBe('sent');
    expect(sent).toEqual([{ topic: 'ocpp/S/out', qos: 0, payload: new TextEncoder().encode('[2]') }]);
  });

  it('tells a connection that is gone, and throws when nobody can say, without trying again', async () => {
    const gone = setUp(new GoneException({ message: 'gone', $metadata: {} }));
    expect(await gone.sender.send('S', { ...connection, transport: 'websocket' }, '[2]')).toBe('gone');
    const lost = setUp(new Error('socket hang up'));
    await expect(lost.sender.send('S', { ...connection, transport: 'websocket' }, '[2]')).rejects.toThrow('hang up');
    expect([gone.sent.length, lost.sent.length]).toEqual([1, 1]);
  });

  it.each([
    ['websocket', 'LimitExceededException'],
    ['mqtt', 'ThrottlingException'],
  ] as const)('tells of a %s that takes no more at the moment (%s), without trying again', async (transport, name) => {
    const busy = setUp(Object.assign(new Error('Too many requests'), { name }));
    expect(await busy.sender.send('S', { ...connection, transport }, '[2]')).toBe('busy');
    expect(busy.sent).toHaveLength(1);
  });

  it('asks API Gateway once, whatever it answers: its SDK repeats nothing', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(500).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const open: OpenClient = (Service, policy, settings) =>
      openClient(Service, policy, { ...settings, region: 'eu-west-1', credentials });
    const sender = connectionSender(`http://127.0.0.1:${Object(server.address()).port}`, open);
    await expect(sender.send('S', { ...connection, transport: 'websocket' }, '[2]')).rejects.toThrow();
    server.close();
    expect(requests).toBe(1);
  });
});
