import { z } from 'zod';
import type { Resource } from '../template/resource-kind.ts';
import type { Distribution } from './cloudfront-distribution.ts';
import { edgeFunction } from './edge-function.ts';
import type { ViewerRequest } from './viewer-request.ts';

/** Either what goes on to the origin, or the answer the edge gave itself. */
export type EdgeOutcome =
  | { readonly kind: 'forward'; readonly domainName: string; readonly request: ViewerRequest }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** A distribution that lets requests pass. */
export type FrontDoor = {
  readonly domainName: string;
  readonly pass: (viewer: ViewerRequest) => Promise<EdgeOutcome>;
};

/** Hop-by-hop headers are CloudFront's own: functions neither see nor set them. */
const hopByHop = new Set(['connection', 'upgrade', 'keep-alive', 'transfer-encoding', 'expect', 'te', 'trailer']);

const Values = z.record(z.string(), z.looseObject({ value: z.string() })).default({});
const FunctionResult = z.union([
  z.looseObject({
    statusCode: z.number(),
    headers: Values,
    body: z.union([z.string(), z.object({ data: z.string() }).transform(({ data }) => data)]).default(''),
  }),
  z.looseObject({ uri: z.string(), method: z.string(), headers: Values, querystring: Values }),
]);

/** One distribution: chooses the behaviour by path, runs its function's own code, and addresses the origin. */
export const frontDoor = (
  { logicalId, properties }: Resource<z.infer<typeof Distribution>>,
  functionCode: (arn: string) => string,
  uuid: () => string,
): FrontDoor['pass'] => {
  const { Origins, DefaultCacheBehavior, CacheBehaviors } = properties.DistributionConfig;
  const behaviors = [...CacheBehaviors, DefaultCacheBehavior].map((behavior) => ({
    matches: pathMatcher(behavior.PathPattern),
    handlers: behavior.FunctionAssociations.map(({ FunctionARN }) => edgeFunction(functionCode(FunctionARN))),
    origin: Origins.find(({ Id }) => Id === behavior.TargetOriginId),
  }));

  return async (viewer: ViewerRequest): Promise<EdgeOutcome> => {
    const behavior = behaviors.find(({ matches }) => matches(viewer.uri));
    if (behavior?.origin === undefined) throw new Error(`${logicalId}: no behaviour or origin for ${viewer.uri}`);
    let request = viewer;
    for (const handler of behavior.handlers) {
      const result = FunctionResult.parse(await handler(eventOf(logicalId, request, uuid())));
      if ('statusCode' in result && typeof result.statusCode === 'number')
        return {
          kind: 'answer',
          status: result.statusCode,
          headers: plain(Values.parse(result.headers)),
          body: typeof result.body === 'string' ? result.body : '',
        };
      const { uri, querystring, headers } = z
        .looseObject({ uri: z.string(), headers: Values, querystring: Values })
        .parse(result);
      const untouched = Object.entries(request.headers).filter(([name]) => hopByHop.has(name));
      request = {
        ...request,
        uri,
        query: plain(querystring),
        headers: { ...Object.fromEntries(untouched), ...plain(headers) },
      };
    }
    const { DomainName, OriginPath, OriginCustomHeaders } = behavior.origin;
    // CloudFront overwrites what the viewer sent under a custom header's name: that is what makes it a secret's carrier.
    const added = OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue]);
    return {
      kind: 'forward',
      domainName: DomainName,
      request: {
        ...request,
        uri: `${OriginPath}${request.uri === '/' ? '' : request.uri}`,
        headers: { ...request.headers, ...Object.fromEntries(added) },
      },
    };
  };
};

const plain = (values: Record<string, { value: string }>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name.toLowerCase(), value]));

const pathMatcher = (pattern: string | undefined) => {
  if (pattern === undefined) return () => true;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^/?${source.replace(/^\//, '')}$`);
  return (uri: string) => expression.test(uri);
};

const eventOf = (distributionId: string, request: ViewerRequest, requestId: string) => ({
  version: '1.0',
  context: {
    distributionDomainName: `${distributionId.toLowerCase()}.cloudfront.net`,
    distributionId,
    eventType: 'viewer-request',
    requestId,
  },
  viewer: { ip: request.ip },
  request: {
    method: request.method,
    uri: request.uri,
    querystring: Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, { value }])),
    headers: Object.fromEntries(
      Object.entries(request.headers)
        .filter(([name]) => !hopByHop.has(name))
        .map(([name, value]) => [name, { value }]),
    ),
    cookies: {},
  },
});
