import { randomUUID } from 'node:crypto';
import { createContext, Script } from 'node:vm';
import { z } from 'zod';
import { arnOf, ignored, named, type Resource, type ResourceKind } from '../template/resource-kind.ts';

const CloudFrontFunction = z.strictObject({
  Name: z.string(),
  FunctionCode: z.string(),
  FunctionConfig: z.strictObject({
    Comment: ignored,
    Runtime: z.string(),
    KeyValueStoreAssociations: z.undefined().optional(),
  }),
  AutoPublish: ignored,
  FunctionMetadata: ignored,
  Tags: ignored,
});

export const cloudfrontFunction: ResourceKind<z.infer<typeof CloudFrontFunction>> = {
  type: 'AWS::CloudFront::Function',
  properties: CloudFrontFunction,
  physical: (logicalId, property, account) => {
    const { ref, attributes } = named('cloudfront', 'Name', 'function/')(logicalId, property, account);
    const arn = arnOf('cloudfront', `function/${ref}`, account);
    return { ref, attributes: { ...attributes, FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' } };
  },
};

const Behavior = z.strictObject({
  PathPattern: z.string().optional(),
  TargetOriginId: z.string(),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .default([]),
  LambdaFunctionAssociations: z.array(z.never()).optional(),
  AllowedMethods: ignored,
  CachedMethods: ignored,
  CachePolicyId: ignored,
  Compress: ignored,
  OriginRequestPolicyId: ignored,
  ResponseHeadersPolicyId: ignored,
  ViewerProtocolPolicy: ignored,
});

const Distribution = z.strictObject({
  DistributionConfig: z.looseObject({
    Origins: z.array(
      z.looseObject({
        Id: z.string(),
        DomainName: z.string(),
        OriginPath: z.string().default(''),
        OriginCustomHeaders: z.array(z.strictObject({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
      }),
    ),
    DefaultCacheBehavior: Behavior,
    CacheBehaviors: z.array(Behavior).default([]),
  }),
  Tags: ignored,
});

export const cloudfrontDistribution: ResourceKind<z.infer<typeof Distribution>> = {
  type: 'AWS::CloudFront::Distribution',
  properties: Distribution,
  physical: (logicalId) => ({
    ref: logicalId,
    attributes: { Id: logicalId, DomainName: `${logicalId.toLowerCase()}.cloudfront.net` },
  }),
};

/** A viewer's request, header names in lower case. */
export type ViewerRequest = {
  readonly method: string;
  readonly uri: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly ip: string;
};

/** Either what goes on to the origin, or the answer the edge gave itself. */
export type EdgeOutcome =
  | { readonly kind: 'forward'; readonly domainName: string; readonly request: ViewerRequest }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
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
) => {
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
      const result = FunctionResult.parse(await handler(eventOf(logicalId, request)));
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
export type FrontDoor = ReturnType<typeof frontDoor>;

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

const eventOf = (distributionId: string, request: ViewerRequest) => ({
  version: '1.0',
  context: {
    distributionDomainName: `${distributionId.toLowerCase()}.cloudfront.net`,
    distributionId,
    eventType: 'viewer-request',
    requestId: randomUUID(),
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

/** Against a loop without an end, no more: CloudFront counts the function's own work, a clock on a busy machine does not. */
const MAX_RUN_MS = 5_000;

/** The function's code as CloudFront runs it: a script without modules, network or timers whose `handler` is called. */
const edgeFunction = (code: string) => {
  const context = createContext({ console: { log: () => undefined } });
  new Script(`${code}\n;globalThis.__handler = handler;`, { filename: 'cloudfront-function.js' }).runInContext(context);
  const call = new Script('__handler(JSON.parse(__event))', { filename: 'cloudfront-function.js' });
  return async (event: object): Promise<unknown> => {
    context.__event = JSON.stringify(event);
    const result: unknown = await call.runInContext(context, { timeout: MAX_RUN_MS });
    // Out of the other realm as plain data.
    return JSON.parse(JSON.stringify(result));
  };
};
