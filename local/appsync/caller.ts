import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { HttpRequest } from '../http/http-server.ts';
import { ResolverError } from './appsync-module.ts';
import type { GraphqlDefinition } from './graphql-definition.ts';

/** Who asks; decides which fields may be asked for. */
export type Caller = {
  readonly mode: 'API_KEY' | 'AWS_IAM';
  readonly headers: object;
  readonly appended: GraphQLError[];
  /** Resolvers that ran for this operation so far. */
  resolversRun: number;
};

/** How a request proves itself; undefined when it does not. */
export const modeOf = ({ headers }: HttpRequest, { api, apiKeys }: GraphqlDefinition): Caller['mode'] | undefined => {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return apiKeys.includes(key) ? 'API_KEY' : undefined;
  const signed = headers.authorization?.startsWith('AWS4-HMAC-SHA256') ?? false;
  return signed && api.AdditionalAuthenticationProviders.length > 0 ? 'AWS_IAM' : undefined;
};

/** Throws for a field that lies deeper, or asks one resolver more, than the API allows: the field is null then, not the operation. */
export const refuseBeyondLimits = (
  depth: number,
  { resolversRun }: Caller,
  { QueryDepthLimit, ResolverCountLimit }: GraphqlDefinition['api'],
) => {
  if (QueryDepthLimit > 0 && depth > QueryDepthLimit)
    throw new ResolverError(`The query is deeper than ${QueryDepthLimit} levels`, 'QueryDepthLimitReached');
  if (ResolverCountLimit > 0 && resolversRun > ResolverCountLimit)
    throw new ResolverError(
      `The query needs more than ${ResolverCountLimit} resolvers`,
      'ResolverExecutionLimitReached',
    );
};

/** Throws for a field of another mode. Without a directive a field belongs to the default mode, the API key. */
export const refuseForeignMode = (info: GraphQLResolveInfo, { mode }: Caller) => {
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
