import { createServer, type ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { type OpenClient, openClient } from '../../aws/open-client.ts';
import { packedReport, segmentFunction } from '../../aws/segment-function.ts';
import { close, listen, urlAt } from '../../local/http/http-server.ts';

/** More than the sockets that the SDK gives a client by itself. */
const SEGMENTS = 60;

it('has all segments swept at once, however many there are', async () => {
  const report = { windows: { kind: 'done', report: 7 } } as const;
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    waiting.push(response);
    // Nobody is answered before everybody has asked.
    if (waiting.length === SEGMENTS) for (const one of waiting) one.end(JSON.stringify(packedReport(report)));
  });
  const endpoint = urlAt(await listen(server));
  onTestFinished(() => close(server));
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const open: OpenClient = (Service, policy) =>
    openClient(Service, policy, { endpoint, region: 'eu-west-1', credentials });
  const sweep = segmentFunction('segment', open);

  const swept = await Promise.allSettled(
    Array.from({ length: SEGMENTS }, (_, index) =>
      sweep({ segment: { index, total: SEGMENTS }, scheduledAt: 0, orders: {} }),
    ),
  );

  expect(swept).toEqual(Array(SEGMENTS).fill({ status: 'fulfilled', value: report }));
});
