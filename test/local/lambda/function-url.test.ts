import { describe, expect, it, onTestFinished } from 'vitest';
import { close, listen, urlAt } from '../../../local/http/http-server.ts';
import { functionUrlServer } from '../../../local/lambda/function-url.ts';

const urlOf = async (invoke: (event: unknown) => Promise<unknown>): Promise<string> => {
  const server = functionUrlServer(invoke);
  onTestFinished(() => close(server));
  return urlAt(await listen(server));
};

describe('a function URL', () => {
  it('hands a request to its function as payload 2.0, and its answer back', async () => {
    const events: unknown[] = [];
    const url = await urlOf(async (event) => {
      events.push(event);
      return { statusCode: 401, headers: { 'x-said': 'no' }, body: 'Who are you?' };
    });
    const response = await fetch(`${url}/utility?echo=a%20b`, {
      method: 'POST',
      headers: { Authorization: 'Bearer x' },
      body: '{}',
    });
    expect([response.status, response.headers.get('x-said'), await response.text()]).toEqual([
      401,
      'no',
      'Who are you?',
    ]);
    expect(events).toEqual([
      expect.objectContaining({
        version: '2.0',
        rawPath: '/utility',
        queryStringParameters: { echo: 'a b' },
        headers: expect.objectContaining({ authorization: 'Bearer x' }),
        requestContext: { http: { method: 'POST', path: '/utility', protocol: 'HTTP/1.1' } },
        body: '{}',
      }),
    ]);
  });

  it('answers 500 where the function fails', async () => {
    const url = await urlOf(() => Promise.reject(new Error('Boom')));
    expect((await fetch(url)).status).toBe(500);
  });
});
