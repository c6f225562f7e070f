import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { HttpRequest } from '../http/http-server.ts';
import type { LocalSystem } from '../local-system.ts';
import { ResolverError } from './appsync-module.ts';
import type { ApiProperties } from './graphql-api.ts';
import type { GraphqlDefinition } from './graphql-definition.ts';
import { type IamUser, signatureVerifier } from './signature-verifier.ts';
import { type TokenRules, tokenVerifier } from './token-verifier.ts';
import { Unauthorized } from './unauthorized.ts';

/** Each way to prove oneself to AppSync, and the directive of the fields open to it. */
const directiveOf = {
  API_KEY: 'aws_api_key',
  AWS_IAM: 'aws_iam',
  OPENID_CONNECT: 'aws_oidc',
  AMAZON_COGNITO_USER_POOLS: 'aws_cognito_user_pools',
} as const;
type Mode = keyof typeof directiveOf;
const allDirectives: readonly string[] = Object.values(directiveOf);

/** Who asks: how they proved it, and what resolver code hears of it (`ctx.identity`). */
export type Proven = { readonly mode: Mode; readonly identity: object | null };

/** Whoever asks for one operation; decides which fields may be asked for. */
export type Caller = Proven & {
  readonly headers: object;
  readonly appended: GraphQLError[];
  /** Resolvers that ran for this operation so far. */
  resolversRun: number;
};

type Provider = ApiProperties['AdditionalAuthenticationProviders'][number];

/** A user pool is an OpenID Connect issuer; its access tokens name their client in `client_id`. */
const rulesOf = (provider: Provider): TokenRules | undefined => {
  switch (provider.AuthenticationType) {
    case 'AWS_IAM':
      return undefined;
    case 'OPENID_CONNECT': {
      const { Issuer, ClientId, IatTTL, AuthTTL } = provider.OpenIDConnectConfig;
      const client = { client: ClientId, clientClaims: ['aud', 'azp'] };
      return { issuer: Issuer, ...client, issuedWithinMs: IatTTL, signedInWithinMs: AuthTTL };
    }
    case 'AMAZON_COGNITO_USER_POOLS': {
      const { UserPoolId, AwsRegion, AppIdClientRegex } = provider.UserPoolConfig;
      const issuer = `https://cognito-idp.${AwsRegion}.amazonaws.com/${UserPoolId}`;
      const client = { client: AppIdClientRegex, clientClaims: ['aud', 'client_id'] };
      return { issuer, ...client, issuedWithinMs: 0, signedInWithinMs: 0 };
    }
  }
};

const iamIdentity = ({ userArn }: IamUser) => ({
  accountId: userArn.split(':')[4],
  cognitoIdentityPoolId: null,
  cognitoIdentityId: null,
  cognitoIdentityAuthType: null,
  cognitoIdentityAuthProvider: null,
  sourceIp: ['127.0.0.1'],
  username: userArn.split('/').at(-1),
  userArn,
});

/**
 * Finds out who asks, by what the API takes: its key, an IAM signature, a token of its issuer (with or without "Bearer").
 * Throws Unauthorized.
 */
export const callerVerifier = (
  { api, apiKeys, iamUsers, region }: Pick<GraphqlDefinition, 'api' | 'apiKeys' | 'iamUsers' | 'region'>,
  leadsTo: (address: string) => string,
  system: Pick<LocalSystem, 'clock'>,
) => {
  const providers = api.AdditionalAuthenticationProviders;
  const takesIam = providers.some(({ AuthenticationType }) => AuthenticationType === 'AWS_IAM');
  const bySignature = signatureVerifier(iamUsers, region, system);
  const byToken = providers.flatMap((provider) => {
    const rules = rulesOf(provider);
    const mode = provider.AuthenticationType;
    return rules === undefined ? [] : [{ mode, verify: tokenVerifier(rules, leadsTo, system) }];
  })[0];

  return async (request: HttpRequest): Promise<Proven> => {
    const { 'x-api-key': key, authorization } = request.headers;
    if (typeof key === 'string') {
      if (apiKeys.includes(key)) return { mode: 'API_KEY', identity: null };
    } else if (authorization?.startsWith('AWS4-HMAC-SHA256')) {
      if (takesIam) return { mode: 'AWS_IAM', identity: iamIdentity(await bySignature(request)) };
    } else if (authorization !== undefined && byToken !== undefined)
      return { mode: byToken.mode, identity: await byToken.verify(authorization.replace(/^Bearer\s+/i, '')) };
    throw new Unauthorized('You are not authorized to make this call.');
  };
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
    (node) => node?.directives?.map(({ name }) => name.value).filter((name) => allDirectives.includes(name)) ?? [],
  );
  const open = directives.find((names) => names.length > 0) ?? [directiveOf.API_KEY];
  if (!open.includes(directiveOf[mode]))
    throw new ResolverError(
      `Not Authorized to access ${info.fieldName} on type ${info.parentType.name}`,
      'Unauthorized',
    );
};
