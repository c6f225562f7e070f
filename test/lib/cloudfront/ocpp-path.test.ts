import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Request = {
  readonly method: string;
  readonly uri: string;
  readonly querystring: object;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
};
type Answer = Request | { readonly statusCode: number; readonly statusDescription: string };

const source = readFileSync(join(import.meta.dirname, '../../../lib/cloudfront/ocpp-path.js'), 'utf8');
/** As CloudFront does it: the file alone, nothing of node within reach. */
const call: (event: { readonly request: Request }) => Answer = runInNewContext(`${source}; handler`);

const request = (uri: string, more: Partial<Request> = {}): Request => ({
  method: 'GET',
  uri,
  querystring: {},
  headers: {},
  ...more,
});
/** The answer as plain data of this realm. */
const answerTo = (asked: Request): Answer => JSON.parse(JSON.stringify(call({ request: asked })));
const stationOf = (uri: string): string | undefined => {
  const answer = answerTo(request(uri));
  return 'headers' in answer ? answer.headers['x-wattstream-station']?.value : undefined;
};
const notFound = { statusCode: 404, statusDescription: 'Not Found' };

/** OCPP 2.0.1 part 2, identifierString. */
const allowed = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-_=:+|@.'];
const identifier = fc.string({ unit: fc.constantFrom(...allowed), minLength: 1, maxLength: 48 });

describe('the path of an OCPP connection', () => {
  it('becomes the stage of the WebSocket API with the station in a header', () => {
    const asked = request('/ocpp/CP-1', {
      headers: { authorization: { value: 'Basic eA==' }, 'sec-websocket-protocol': { value: 'ocpp1.6' } },
    });
    expect(answerTo(asked)).toEqual({
      method: 'GET',
      uri: '/live',
      querystring: {},
      headers: {
        authorization: { value: 'Basic eA==' },
        'sec-websocket-protocol': { value: 'ocpp1.6' },
        'x-wattstream-station': { value: 'CP-1' },
      },
    });
  });

  it('overrules a station header the client sent itself', () => {
    const forged = request('/ocpp/CP-1', { headers: { 'x-wattstream-station': { value: 'CP-2' } } });
    expect(answerTo(forged)).toEqual(request('/live', { headers: { 'x-wattstream-station': { value: 'CP-1' } } }));
  });

  it('drops the query: nothing but the path says who calls', () => {
    const asked = request('/ocpp/CP-1', { querystring: { station: { value: 'CP-2' } } });
    expect(answerTo(asked)).toEqual(request('/live', { headers: { 'x-wattstream-station': { value: 'CP-1' } } }));
  });

  it('carries every identifier of the standard, plain or percent-encoded', () => {
    fc.assert(
      fc.property(identifier, (id) => {
        expect([stationOf(`/ocpp/${id}`), stationOf(`/ocpp/${encodeURIComponent(id)}`)]).toEqual([id, id]);
      }),
    );
  });

  it('refuses every identifier with a character outside the standard', () => {
    const foreign = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => ![...text].every((c) => allowed.includes(c)));
    fc.assert(
      fc.property(foreign, identifier, (bad, good) => {
        expect(stationOf(`/ocpp/${encodeURIComponent(good.slice(0, 10) + bad.toWellFormed())}`)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['nothing', '/'],
    ['no id', '/ocpp'],
    ['an empty id', '/ocpp/'],
    ['an id of 49 characters', `/ocpp/${'x'.repeat(49)}`],
    ['another path', '/admin/CP-1'],
    ['a path that only begins alike', '/ocpp16/CP-1'],
    ['other case', '/OCPP/CP-1'],
    ['a path below the id', '/ocpp/CP-1/x'],
    ['a trailing slash', '/ocpp/CP-1/'],
    ['a doubled slash', '/ocpp//CP-1'],
    ['an encoded slash', '/ocpp/CP%2F1'],
    ['a space', '/ocpp/CP%201'],
    ['a line break', '/ocpp/CP%0D%0Ax-evil:1'],
    ['a final line break', '/ocpp/CP-1%0A'],
    ['a NUL', '/ocpp/CP%00'],
    ['letters outside ASCII', '/ocpp/S%C3%A4ule'],
    ['a broken escape', '/ocpp/CP%'],
    ['a broken UTF-8 sequence', '/ocpp/CP%C3'],
    ['an id encoded twice', '/ocpp/CP%252D1'],
    ['the path of the stage itself', '/live'],
  ])('is not found with %s', (_, uri) => {
    expect(answerTo(request(uri))).toEqual(notFound);
  });
});
