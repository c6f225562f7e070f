import { describe, expect, it } from 'vitest';
import type { OpenAdrServer } from '../../../domain/demand-response/openadr/openadr-server.ts';
import { receiveNotification } from '../../../use-cases/poll-openadr/receive-notification.ts';
import { fakeOpenAdrCredentials } from '../../fakes/openadr.ts';

const utility: OpenAdrServer = {
  serverId: 'utility',
  url: 'https://vtn.example.com',
  version: '3.1',
  clientName: 'wattstream',
  subscribes: true,
  programs: [],
};

const given = () => {
  const polled: string[] = [];
  const asked: string[] = [];
  const known = fakeOpenAdrCredentials({ utility: { clientId: 'a', clientSecret: 'b', callbackToken: 'secret' } });
  const time = { now: 0, reads: 0 };
  const receive = receiveNotification({
    servers: async () => {
      time.reads += 1;
      return [utility];
    },
    credentials: {
      of: async (serverId) => {
        asked.push(serverId);
        return known.of(serverId);
      },
    },
    isSame: (one, other) => one === other,
    poll: async (serverId) => {
      polled.push(serverId);
      return { servers: 1, events: 0, reports: 0, siteSignals: 0, problems: [] };
    },
    clock: () => time.now,
  });
  return { polled, asked, time, receive };
};
const request = { method: 'POST', path: '/utility', query: {}, headers: { authorization: 'Bearer secret' } };

describe('a notification of an OpenADR server', () => {
  it('is answered after its server was looked at', async () => {
    const { polled, receive } = given();
    expect(await receive(request)).toEqual({ status: 200, text: '' });
    expect(polled).toEqual(['utility']);
  });

  it.each([
    ['without a token', { headers: {} }, 401],
    ['with another token', { headers: { authorization: 'Bearer guess' } }, 401],
    ['for a server that is not known', { path: '/nobody' }, 401],
    ['for no server', { path: '/' }, 404],
    ['by another method', { method: 'DELETE' }, 405],
  ])('is refused %s, and nothing is looked at', async (_, fields, status) => {
    const { polled, receive } = given();
    expect(await receive({ ...request, ...fields })).toMatchObject({ status });
    expect(polled).toEqual([]);
  });

  it('asks for no credential of servers that callers make up, and looks for them once in a while', async () => {
    const { asked, time, receive } = given();
    for (const path of ['/nobody', '/somebody', '/utility', '/anybody']) await receive({ ...request, path });
    expect([asked, time.reads]).toEqual([['utility'], 1]);
    time.now = 10_001;
    await receive({ ...request, path: '/nobody' });
    expect([asked, time.reads]).toEqual([['utility'], 2]);
  });

  it('repeats the challenge of a server that asks whether the address is ours', async () => {
    const { receive } = given();
    const ask = (echo?: string) => receive({ ...request, method: 'GET', query: { echo }, headers: {} });
    expect(await ask('r4nd-om_')).toEqual({ status: 200, text: 'r4nd-om_' });
    expect(await ask('<script>')).toMatchObject({ status: 400 });
    expect(await ask()).toMatchObject({ status: 400 });
  });
});
