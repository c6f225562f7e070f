import { Aws } from 'aws-cdk-lib';
import type { CfnGraphQLApi } from 'aws-cdk-lib/aws-appsync';
import type { SignInDirective } from '../graphql/deployed-schema.ts';
import type { CallerRules } from '../lambdas/serve-commands/env.ts';

/** Who signs the tokens that people show. `clientId` is a regular expression; without it tokens for any client count. */
export type TokenIssuer =
  | {
      readonly kind: 'oidc';
      /** The `iss` of its tokens; what it serves below /.well-known/openid-configuration leads to its keys. */
      readonly issuer: string;
      readonly clientId?: string;
      /** How long after its issue (`iat`) and after the sign-in (`auth_time`) a token is taken, besides its own `exp`. */
      readonly issuedWithinSeconds?: number;
      readonly signedInWithinSeconds?: number;
    }
  | { readonly kind: 'cognito'; readonly userPoolId: string; readonly clientId?: string };

/** Who may do what through the API. The API key only reads, as a viewer. */
export type Access = Readonly<CallerRules> & {
  /** Without it only IAM identities may change anything. */
  readonly tokens?: TokenIssuer;
};

/** The rules as text, for the functions that find out who asks. */
export const callerRulesText = ({ roleClaim, nameClaim, iamRoles }: Access): string =>
  JSON.stringify({ roleClaim, nameClaim, iamRoles });

type Provider = CfnGraphQLApi.AdditionalAuthenticationProviderProperty;

/** The ways to be known by name, beside the API key: AppSync's provider of each, and the directive fields open to it carry. */
export const signIns = ({
  tokens,
}: Access): readonly { readonly provider: Provider; readonly directive: SignInDirective }[] => [
  { provider: { authenticationType: 'AWS_IAM' }, directive: 'aws_iam' },
  ...(tokens === undefined ? [] : [signInWith(tokens)]),
];

const signInWith = (tokens: TokenIssuer): { readonly provider: Provider; readonly directive: SignInDirective } => {
  if (tokens.kind === 'cognito') {
    const { userPoolId, clientId } = tokens;
    const userPoolConfig = { userPoolId, awsRegion: Aws.REGION, ...(clientId && { appIdClientRegex: clientId }) };
    return {
      provider: { authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolConfig },
      directive: 'aws_cognito_user_pools',
    };
  }
  const { issuer, clientId, issuedWithinSeconds, signedInWithinSeconds } = tokens;
  const openIdConnectConfig = {
    issuer,
    ...(clientId && { clientId }),
    ...(issuedWithinSeconds && { iatTtl: issuedWithinSeconds * 1_000 }),
    ...(signedInWithinSeconds && { authTtl: signedInWithinSeconds * 1_000 }),
  };
  return { provider: { authenticationType: 'OPENID_CONNECT', openIdConnectConfig }, directive: 'aws_oidc' };
};

/** AppSync takes no longer value (PutGraphqlApiEnvironmentVariables), and says so in the middle of a deployment. */
const MOST_CHARACTERS = 512;

/** What resolver code reads to find out who may see tags: the claim, and a regular expression for the ARNs. */
export const tagReaders = ({ roleClaim, iamRoles }: Access): { ROLE_CLAIM: string; TAG_READERS: string } => {
  const patterns = iamRoles.filter(({ role }) => role !== 'viewer').map(({ arn }) => arn);
  const expressions = patterns.map((arn) => arn.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^:]*'));
  const readers = expressions.length === 0 ? '(?!)' : `^(${expressions.join('|')})$`;
  if (readers.length > MOST_CHARACTERS)
    throw new Error(
      `The iamRoles of operators and administrators have ${readers.length} characters as one expression, ${MOST_CHARACTERS} at most: name fewer in lib/stages.ts, with * for what differs`,
    );
  return { ROLE_CLAIM: roleClaim, TAG_READERS: readers };
};
