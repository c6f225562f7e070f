import type { Server } from 'node:http';
import {
  buildSchema,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  Source,
  validate,
} from 'graphql';
import { z } from 'zod';
import { type HttpRequest, httpServer, type Reply } from '../http/http-server.ts';
import { type Caller, callerVerifier, type Proven, refuseBeyondLimits, refuseForeignMode } from './caller.ts';
import { checkScalars } from './check-scalars.ts';
import { dataSources } from './data-sources.ts';
import type { GraphqlDefinition, GraphqlPorts } from './graphql-definition.ts';
import type { ResolverContext } from './resolver-code.ts';
import { resolverRuns } from './resolver-runs.ts';
import { Unauthorized } from './unauthorized.ts';
import { depthOf, pathOf, worded } from './worded.ts';

/** Scalars and directives AppSync adds to every schema. */
const prelude = `
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON scalar AWSURL scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
`;

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
    caller: Proven & Pick<Caller, 'headers'>,
    /** Which operation is meant where the document holds several. */
    operationName?: string | null,
  ) => Promise<GraphqlAnswer>;
  readonly schema: GraphQLSchema;
};

/** The GraphQL API: the template's own schema and resolver code, executed by graphql-js. */
export const graphql = (definition: GraphqlDefinition, ports: GraphqlPorts): Graphql => {
  const schema = buildSchema(prelude + definition.schema);
  checkScalars(schema);
  const { resolvers, appending } = resolverRuns(definition, dataSources(definition, ports), ports.system);

  const fieldResolver: GraphQLFieldResolver<unknown, Caller> = async (source, args, caller, info) => {
    refuseForeignMode(info, caller);
    const run = resolvers.get(`${info.parentType.name}.${info.fieldName}`);
    if (run !== undefined) caller.resolversRun += 1;
    refuseBeyondLimits(depthOf(info), caller, definition.api);
    if (run === undefined) return defaultFieldResolver(source, args, caller, info);
    const context: ResolverContext = {
      args,
      arguments: args,
      source: source ?? null,
      identity: caller.identity,
      request: { headers: caller.headers, domainName: null },
      info: { fieldName: info.fieldName, parentTypeName: info.parentType.name, variables: info.variableValues },
      env: definition.api.EnvironmentVariables,
      stash: {},
      prev: { result: null },
    };
    appending(context, (error) =>
      caller.appended.push(
        new GraphQLError(error.message, { nodes: info.fieldNodes, path: pathOf(info), originalError: error }),
      ),
    );
    const result = await run(context);
    if (info.parentType === schema.getMutationType()) ports.mutated(info.fieldName, result);
    return result;
  };

  const run: Graphql['execute'] = async (query, variables, who, operationName) => {
    const caller: Caller = { ...who, appended: [], resolversRun: 0 };
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
    // Nothing ran: variables that do not fit, or an operation there is not.
    if (data === undefined) return { data: null, errors: errors.map((error) => worded(error, 'ValidationError')) };
    const all = [...errors, ...caller.appended].map((error) => worded(error, null));
    return all.length === 0 ? { data } : { data, errors: all };
  };

  const verify = callerVerifier(definition, ports.leadsTo, ports.system);
  const answer = async (request: HttpRequest): Promise<Reply> => {
    if (request.method === 'OPTIONS') return { status: 204, headers: crossOrigin };
    if (request.method !== 'POST' || request.url.pathname !== '/graphql')
      return reply(404, { errors: [{ errorType: 'NotFound', message: 'POST to /graphql' }] });
    const proven = await verify(request).catch((error: unknown) => {
      if (error instanceof Unauthorized) return error;
      throw error;
    });
    if (proven instanceof Unauthorized)
      return reply(401, { errors: [{ errorType: 'UnauthorizedException', message: proven.message }] });
    const parsed = Body.safeParse(jsonOrUndefined(request.body.toString()));
    if (!parsed.success)
      return reply(400, {
        errors: [{ errorType: 'MalformedHttpRequestException', message: 'Request body must be JSON with a query.' }],
      });
    const { query, variables, operationName } = parsed.data;
    return reply(200, await run(query, variables ?? {}, { ...proven, headers: request.headers }, operationName));
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
