import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultProxy, faultProxy, type StoreRequest } from '../../../local/faults/fault-proxy.ts';
import { close, httpServer, listen } from '../../../local/http/http-server.ts';

const store = httpServer(async ({ body }) => ({ status: 200, body: `stored ${body}` }));
const seen: StoreRequest[] = [];
let proxy: FaultProxy;
beforeAll(async () => {
  proxy = await faultProxy('dynamodb', await listen(store), (request) => seen.push(request));
});
afterAll(async () => {
  await proxy.stop();
  await close(store);
});

const put = (body: string, waitMs = 5_000) =>
  fetch(`http://127.0.0.1:${proxy.port}/`, { method: 'POST', body, signal: AbortSignal.timeout(waitMs) });
const answer = async (body: string) => {
  const response = await put(body);
  return [response.status, await response.text()];
};

it('lets everything through while the store is well, and again after each outage', async () => {
  for (const fault of ['refuse', 'hang', 'throttle', 'refuse', undefined] as const) {
    await proxy.set(fault);
    await proxy.set(undefined);
    expect(await answer('a')).toEqual([200, 'stored a']);
  }
});

it('refuses connections as a store does that is not there', async () => {
  await proxy.set('refuse');
  await expect(put('a')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await proxy.set(undefined);
});

it('takes requests and never answers them while the store hangs, and cuts them off when it is well again', async () => {
  await proxy.set('hang');
  const early = put('a', 60_000).catch((error: unknown) => error);
  await expect(put('b', 200)).rejects.toThrow(/timeout/);
  await proxy.set(undefined);
  expect(await early).toBeInstanceOf(Error);
});

it('throttles in the words of the service', async () => {
  await proxy.set('throttle');
  expect(await answer('a')).toEqual([400, expect.stringContaining('ThrottlingException')]);
  await proxy.set(undefined);
});

it('throttles events entry by entry, inside an answer of success', async () => {
  const events = await faultProxy('events', proxy.port);
  await events.set('throttle');
  const response = await fetch(`http://127.0.0.1:${events.port}/`, { method: 'POST', body: '{"Entries":[{},{}]}' });
  const refused = { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
  expect([response.status, await response.json()]).toEqual([200, { FailedEntryCount: 2, Entries: [refused, refused] }]);
  await events.stop();
});

it('tells of every request that it lets through, by its operation', async () => {
  seen.length = 0;
  const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
  const response = await fetch(`http://127.0.0.1:${proxy.port}/`, { method: 'POST', body: 'b', headers });
  await response.text();
  expect(seen).toEqual([{ service: 'dynamodb', operation: 'PutItem', body: 'b' }]);
});
