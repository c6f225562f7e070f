import type { Server } from 'node:http';
import {
  buildSchema,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  parse,
  Source,
  validate,
} from 'graphql';
import { z } from 'zod';
import { type ResolverCode, type ResolverContext, resolverCode } from './appsync-code.ts';
import { DataSourceError } from './appsync-dynamodb.ts';
import type {
  ApiProperties,
  DataSourceProperties,
  FunctionProperties,
  ResolverProperties,
} from './appsync-resources.ts';
import { ResolverError } from './appsync-util.ts';
import { type HttpRequest, httpServer, type Reply } from './http-endpoint.ts';

/** Scalars and directives AppSync adds to every schema. */
const prelude = `
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON scalar AWSURL scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
`;

export type GraphqlDefinition = {
  readonly api: ApiProperties;
  readonly schema: string;
  readonly apiKeys: readonly string[];
  readonly dataSources: readonly DataSourceProperties[];
  /** By function id. */
  readonly functions: ReadonlyMap<string, FunctionProperties>;
  readonly resolvers: readonly ResolverProperties[];
};

export type GraphqlPorts = {
  /** One request on a table, shaped as AppSync shapes it. Throws DataSourceError. */
  readonly onTable: (tableName: string, request: unknown) => Promise<unknown>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Every successful mutation, for subscriptions. */
  readonly mutated: (field: string, result: unknown) => void;
  readonly now: () => number;
};

/** Who asks; decides which fields may be asked for. */
type Caller = { readonly mode: 'API_KEY' | 'AWS_IAM'; readonly headers: object; readonly appended: GraphQLError[] };

type RunStep = (context: ResolverContext) => Promise<unknown>;

const Body = z.looseObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What an operation answers, as AppSync words it. */
export type GraphqlAnswer = { readonly data?: unknown; readonly errors?: readonly object[] };

export type Graphql = {
  readonly server: Server;
  readonly execute: (
    query: string,
    variables: Record<string, unknown>,
    caller: Omit<Caller, 'appended'>,
    /** Which operation is meant where the document holds several. */
    operationName?: string | null,
  ) => Promise<GraphqlAnswer>;
  readonly schema: GraphQLSchema;
};

/** The GraphQL API: the template's own schema and resolver code, executed by graphql-js. */
export const graphql = (definition: GraphqlDefinition, ports: GraphqlPorts): Graphql => {
  const schema = buildSchema(prelude + definition.schema);
  const sources = new Map(definition.dataSources.map((source) => [source.Name, source]));
  // Resolver code is synchronous: while it runs, what it appends belongs to this resolver.
  let appendTo: ((error: ResolverError) => void) | undefined;
  const load = (name: string, source: string): ResolverCode =>
    resolverCode(name, source, (error) => appendTo?.(error), ports.now);

  const onSource = async (name: string, request: unknown): Promise<unknown> => {
    const source = sources.get(name);
    if (source?.Type === 'AMAZON_DYNAMODB') return await ports.onTable(source.DynamoDBConfig?.TableName ?? '', request);
    if (source?.Type === 'AWS_LAMBDA') {
      const { operation, payload } = z
        .looseObject({ operation: z.string(), payload: z.unknown().optional() })
        .parse(request);
      if (operation !== 'Invoke') throw new DataSourceError(`${operation} is not emulated locally`, 'MappingTemplate');
      try {
        return await ports.invoke(source.LambdaConfig?.LambdaFunctionArn ?? '', payload);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new DataSourceError(message, 'Lambda:Unhandled', { cause });
      }
    }
    if (source?.Type === 'NONE')
      return z.looseObject({ payload: z.unknown().optional() }).parse(request ?? {}).payload ?? null;
    throw new Error(`No data source '${name}'`);
  };

  /** One function (or unit resolver): request, data source, response. */
  const step =
    (code: ResolverCode, dataSource: string): RunStep =>
    async (context) => {
      const asked = code.request(context);
      if (asked.early) return asked.value;
      const answered = await onSource(dataSource, asked.value).then(
        (result) => ({ result }),
        (error: unknown) => {
          if (error instanceof DataSourceError)
            return { result: null, error: { message: error.message, type: error.errorType } };
          throw error;
        },
      );
      return code.response({ ...context, ...answered }).value;
    };

  const compiled = new Map(
    [...definition.functions].map(([id, properties]) => [
      id,
      step(load(properties.Name, properties.Code), properties.DataSourceName),
    ]),
  );

  const resolver = (properties: ResolverProperties): RunStep => {
    const name = `${properties.TypeName}.${properties.FieldName}`;
    const code = load(name, properties.Code);
    if (properties.Kind === 'UNIT') return step(code, properties.DataSourceName ?? '');
    const steps = (properties.PipelineConfig?.Functions ?? []).map((id) => {
      const found = compiled.get(id);
      if (found === undefined) throw new Error(`${name}: no function ${id}`);
      return found;
    });
    return async (context) => {
      const before = code.request(context);
      if (before.early) return before.value;
      let result = before.value;
      for (const run of steps) result = await run({ ...context, prev: { result } });
      return code.response({ ...context, prev: { result }, result }).value;
    };
  };
  const resolvers = new Map(
    definition.resolvers.map((properties) => [`${properties.TypeName}.${properties.FieldName}`, resolver(properties)]),
  );

  const fieldResolver: GraphQLFieldResolver<unknown, Caller> = async (source, args, caller, info) => {
    refuseForeignMode(info, caller);
    const run = resolvers.get(`${info.parentType.name}.${info.fieldName}`);
    if (run === undefined) return defaultFieldResolver(source, args, caller, info);
    const context: ResolverContext = {
      args,
      arguments: args,
      source: source ?? null,
      identity: null,
      request: { headers: caller.headers, domainName: null },
      info: { fieldName: info.fieldName, parentTypeName: info.parentType.name, variables: info.variableValues },
      env: definition.api.EnvironmentVariables,
      stash: {},
      prev: { result: null },
    };
    const result = await collecting(caller, info, () => run(context));
    if (info.parentType === schema.getMutationType()) ports.mutated(info.fieldName, result);
    return result;
  };

  const collecting = async (
    caller: Caller,
    info: GraphQLResolveInfo,
    run: () => Promise<unknown>,
  ): Promise<unknown> => {
    appendTo = (error) =>
      caller.appended.push(
        new GraphQLError(error.message, { nodes: info.fieldNodes, path: pathOf(info), originalError: error }),
      );
    return await run();
  };

  const run: Graphql['execute'] = async (query, variables, who, operationName) => {
    const caller: Caller = { ...who, appended: [] };
    let document: ReturnType<typeof parse>;
    try {
      document = parse(new Source(query));
    } catch (error) {
      return { errors: [worded(error, 'MalformedHttpRequestException')] };
    }
    const problems = validate(schema, document);
    if (problems.length > 0)
      return { data: null, errors: problems.map((problem) => worded(problem, 'ValidationError')) };
    const { data, errors = [] } = await execute({
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables,
      contextValue: caller,
      fieldResolver,
    });
    const all = [...errors, ...caller.appended].map((error) => worded(error, null));
    return all.length === 0 ? { data } : { data, errors: all };
  };

  const answer = async (request: HttpRequest): Promise<Reply> => {
    if (request.method === 'OPTIONS') return { status: 204, headers: crossOrigin };
    if (request.method !== 'POST' || request.url.pathname !== '/graphql')
      return reply(404, { errors: [{ errorType: 'NotFound', message: 'POST to /graphql' }] });
    const mode = modeOf(request, definition);
    if (mode === undefined)
      return reply(401, {
        errors: [{ errorType: 'UnauthorizedException', message: 'You are not authorized to make this call.' }],
      });
    const parsed = Body.safeParse(jsonOrUndefined(request.body.toString()));
    if (!parsed.success)
      return reply(400, {
        errors: [{ errorType: 'MalformedHttpRequestException', message: 'Request body must be JSON with a query.' }],
      });
    const { query, variables, operationName } = parsed.data;
    return reply(200, await run(query, variables ?? {}, { mode, headers: request.headers }, operationName));
  };

  return { server: httpServer(answer), execute: run, schema };
};

const jsonOrUndefined = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller answers what AppSync answers to a malformed body.
  }
};

const modeOf = ({ headers }: HttpRequest, { api, apiKeys }: GraphqlDefinition): Caller['mode'] | undefined => {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return apiKeys.includes(key) ? 'API_KEY' : undefined;
  const signed = headers.authorization?.startsWith('AWS4-HMAC-SHA256') ?? false;
  return signed && api.AdditionalAuthenticationProviders.length > 0 ? 'AWS_IAM' : undefined;
};

/** Without a directive a field belongs to the default mode, the API key. */
const refuseForeignMode = (info: GraphQLResolveInfo, { mode }: Caller) => {
  const field = info.parentType.getFields()[info.fieldName];
  const directives = [field?.astNode, info.parentType.astNode].map(
    (node) =>
      node?.directives?.map(({ name }) => name.value).filter((name) => name === 'aws_api_key' || name === 'aws_iam') ??
      [],
  );
  const own = directives.find((names) => names.length > 0) ?? ['aws_api_key'];
  if (!own.includes(mode === 'API_KEY' ? 'aws_api_key' : 'aws_iam'))
    throw new ResolverError(
      `Not Authorized to access ${info.fieldName} on type ${info.parentType.name}`,
      'Unauthorized',
    );
};

const pathOf = (info: GraphQLResolveInfo): (string | number)[] => {
  const keys: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at !== undefined; at = at.prev) keys.unshift(at.key);
  return keys;
};

const worded = (error: unknown, errorType: string | null): object => {
  if (!(error instanceof GraphQLError))
    return { path: null, data: null, errorType, errorInfo: null, locations: null, message: String(error) };
  const thrown = error.originalError;
  const own = thrown instanceof ResolverError ? thrown : undefined;
  return {
    path: error.path ?? null,
    data: own?.data ?? null,
    errorType: own?.errorType ?? (thrown === undefined || thrown === null ? errorType : (errorType ?? 'Code')),
    errorInfo: own?.errorInfo ?? null,
    locations: error.locations?.map(({ line, column }) => ({ line, column, sourceName: null })) ?? null,
    message: error.message,
  };
};

const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
};

const reply = (status: number, body: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8', ...crossOrigin },
  body: JSON.stringify(body),
});
