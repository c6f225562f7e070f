import { describe, expect, it } from 'vitest';
import { authorizer } from '../../runtime/authorizer.ts';
import { authorizeStation } from '../../use-cases/authorize-station/authorize-station.ts';
import { basicCredential } from '../../use-cases/authorize-station/basic-credential.ts';
import { fakeCredentialStore } from '../fakes/credential-store.ts';
import { credential, matches, registration } from '../fakes/registration.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';

const basic = (user: string, password: string | Uint8Array): string =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64')}`;

const right = basic('CP01', 'right-password-1234');
const registry = fakeStationRegistry(registration(), registration({ stationId: 'CP02', admission: 'pending' }));
const credentials = fakeCredentialStore({ CP01: credential, CP02: credential });
const ports = { registry, credentials, matches };

describe('who may open a socket', () => {
  it('lets a station in with its password, on the highest sub-protocol it offers', async () => {
    const presented = { stationId: 'CP01', authorization: right, subProtocols: 'ocpp1.6 , ocpp2.0.1' };
    expect(await authorizeStation(presented, ports)).toEqual({
      stationId: 'CP01',
      context: { stationId: 'CP01', verdict: 'known', admission: 'accepted', ocpp: '2.0.1' },
    });
  });

  it('names no version when no offered sub-protocol fits, so that $connect can refuse', async () => {
    const presented = { stationId: 'CP01', authorization: right, subProtocols: 'soap, ocpp1.5' };
    expect(await authorizeStation(presented, ports)).toEqual({
      stationId: 'CP01',
      context: { stationId: 'CP01', verdict: 'known', admission: 'accepted' },
    });
  });

  it('passes an unknown station on, with or without credentials, so that $connect can answer 404', async () => {
    const passed = { stationId: 'CP99', context: { stationId: 'CP99', verdict: 'unknownStation' } };
    for (const authorization of [undefined, basic('CP99', 'right-password-1234')])
      expect(await authorizeStation({ stationId: 'CP99', authorization, subProtocols: 'ocpp1.6' }, ports)).toEqual(
        passed,
      );
  });

  it.each([undefined, '', 'a b', 'CP/01', '%43P01', 'x'.repeat(49), 'CP01:x'])(
    'takes %j for no identity at all',
    async (stationId) => {
      expect(await authorizeStation({ stationId, authorization: right, subProtocols: 'ocpp1.6' }, ports)).toEqual({
        stationId: 'unknown',
        context: { verdict: 'unknownStation' },
      });
    },
  );

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another scheme', 'Bearer right-password-1234'],
    ['a wrong password', basic('CP01', 'wrong-password-1234')],
    ['no password', basic('CP01', '')],
    ['no colon', `Basic ${Buffer.from('CP01').toString('base64')}`],
    ['no base64', 'Basic CP01:right-password-1234'],
    ['an oversized header', basic('CP01', 'x'.repeat(10_000))],
    ['the credentials of another station', basic('CP02', 'right-password-1234')],
    ['the user name in another case', basic('cp01', 'right-password-1234')],
  ])('refuses a registered station with %s', async (_what, authorization) => {
    const presented = { stationId: 'CP01', authorization, subProtocols: 'ocpp1.6' };
    expect(await authorizeStation(presented, ports)).toEqual({
      stationId: 'CP01',
      context: { stationId: 'CP01', verdict: 'wrongCredentials' },
    });
  });

  it('takes a rotated password, and refuses the old one, at once', async () => {
    const rotating = fakeCredentialStore({ CP01: credential });
    const connect = (password: string) =>
      authorizeStation(
        { stationId: 'CP01', authorization: basic('CP01', password), subProtocols: 'ocpp1.6' },
        { ...ports, credentials: rotating },
      );
    await connect('right-password-1234');
    await rotating.put('CP01', 'hash of new-password-12345');
    const verdicts = [await connect('right-password-1234'), await connect('new-password-12345')];
    expect(verdicts.map(({ context }) => context.verdict)).toEqual(['wrongCredentials', 'known']);
  });

  it('takes a key that is registered in hexadecimal, though its bytes are text', async () => {
    const key = 'OCA_OCTT_admin_test';
    const registered = fakeCredentialStore({ CP01: `hash of ${Buffer.from(key).toString('hex')}` });
    const connect = (password: string) =>
      authorizeStation(
        { stationId: 'CP01', authorization: basic('CP01', password), subProtocols: 'ocpp1.6' },
        { ...ports, credentials: registered },
      );
    const verdicts = [await connect(key), await connect('OCA_OCTT_admin_tesT'), await connect('a'.repeat(21))];
    expect(verdicts.map(({ context }) => context.verdict)).toEqual(['known', 'wrongCredentials', 'wrongCredentials']);
  });

  it('lets nobody in as a station without a credential', async () => {
    const presented = { stationId: 'CP01', authorization: right, subProtocols: 'ocpp1.6' };
    const { context } = await authorizeStation(presented, { ...ports, credentials: fakeCredentialStore() });
    expect(context.verdict).toBe('wrongCredentials');
  });
});

describe('HTTP Basic', () => {
  it('ends the user name at the first colon', () => {
    expect(basicCredential(basic('CP01', 'a:b:c'))).toEqual({ user: 'CP01', password: 'a:b:c' });
  });

  it('reads a binary key as its hexadecimal text', () => {
    const key = Uint8Array.from([0x00, 0xff, 0x10, ...Array.from({ length: 17 }, () => 0xab)]);
    expect(basicCredential(basic('CP01', key))).toEqual({ user: 'CP01', password: `00ff10${'ab'.repeat(17)}` });
  });

  it('does not mind the case of the scheme', () => {
    expect(basicCredential(right.replace('Basic', 'bASIC'))).toEqual({ user: 'CP01', password: 'right-password-1234' });
  });
});

describe('the authorizer of the WebSocket API', () => {
  const handler = authorizer((presented) => authorizeStation(presented, ports));
  const event = (headers: Record<string, string>) => ({
    type: 'REQUEST' as const,
    methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:api/live/$connect',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the parts of the event and context that nobody reads are left out
  const call = (headers: Record<string, string>): Promise<unknown> => handler(event(headers) as any, {} as any);

  it('allows this one route, whatever the case of the header names', async () => {
    const headers = { 'X-Wattstream-Station': 'CP01', AUTHORIZATION: right, 'sec-websocket-protocol': 'ocpp1.6' };
    expect(await call(headers)).toEqual({
      principalId: 'CP01',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Allow',
            Resource: 'arn:aws:execute-api:eu-west-1:123456789012:api/live/$connect',
          },
        ],
      },
      context: { stationId: 'CP01', verdict: 'known', admission: 'accepted', ocpp: '1.6' },
    });
  });

  it('tells wrong credentials as a verdict: a mistyped password is no failure of the function', async () => {
    const answer = await call({ 'x-wattstream-station': 'CP01', authorization: basic('CP01', 'wrong') });
    expect(answer).toMatchObject({ context: { stationId: 'CP01', verdict: 'wrongCredentials' } });
  });

  it('fails when it cannot find out who asks', async () => {
    const blind = authorizer(() => Promise.reject(new Error('The store is out')));
    // biome-ignore lint/suspicious/noExplicitAny: the parts of the event and context that nobody reads are left out
    await expect(blind(event({}) as any, {} as any)).rejects.toThrow('The store is out');
  });
});
