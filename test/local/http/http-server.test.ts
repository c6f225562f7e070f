import { expect, it } from 'vitest';
import { close, httpServer, listen } from '../../../local/http/http-server.ts';

it('keeps idle connections longer than a client that sends a request once only may use them', async () => {
  const server = httpServer(async () => ({ status: 200, body: 'well' }));
  const response = await fetch(`http://127.0.0.1:${await listen(server)}/`);
  expect([await response.text(), response.headers.get('keep-alive')]).toEqual(['well', 'timeout=600']);
  await close(server);
});
