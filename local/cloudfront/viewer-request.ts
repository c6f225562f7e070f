import type { IncomingMessage } from 'node:http';

/**
 * A header's name as it arrives behind CloudFront: X-Wattstream-Station. AWS does not say in which case names arrive, so here
 * it is one that no lower-case name of ours matches by accident.
 */
const asItArrives = (name: string): string => name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/**
 * Whether an authorizer's identity source, such as route.request.header.Authorization, is there and says something. Names
 * are compared letter by letter: a source that relies on the case a header arrives in is refused here too.
 */
export const identityPresent = (source: string, request: ViewerRequest): boolean => {
  const [, , kind, name = ''] = source.split('.');
  const { headers } = requestPartsOf(request);
  if (kind === 'header') return (headers[name] ?? '') !== '';
  if (kind === 'querystring') return (request.query[name] ?? '') !== '';
  throw new Error(`Identity source ${source} is not supported by the local runtime`);
};

/** A request as CloudFront's viewer sent it. */
export const viewerRequest = (incoming: IncomingMessage): ViewerRequest => {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return {
    method: incoming.method ?? 'GET',
    // Not through URL: CloudFront hands the path on as it was sent, percent-encoding and all.
    uri: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1))),
    headers: Object.fromEntries(headers),
    ip: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
};

/** The request's part of API Gateway's $connect and authorizer events. */
export const requestPartsOf = (request: ViewerRequest) => {
  const several = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  const query = Object.keys(request.query).length === 0 ? undefined : request.query;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]): [string, string] => [asItArrives(name), value]),
  );
  return {
    headers,
    multiValueHeaders: several(headers),
    queryStringParameters: query,
    multiValueQueryStringParameters: query && several(query),
  };
};

/** A viewer's request, header names in lower case. */
export type ViewerRequest = {
  readonly method: string;
  readonly uri: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly ip: string;
};
