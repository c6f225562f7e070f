import { urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption, StackContext } from '../stack/local-service.ts';
import { only } from '../template/deployment.ts';
import { graphql } from './graphql.ts';
import {
  graphqlApi,
  graphqlApiKey,
  graphqlDataSource,
  graphqlFunction,
  graphqlResolver,
  graphqlSchema,
} from './graphql-api.ts';
import { runOnTable } from './run-on-table.ts';
import type { IamUser } from './signature-verifier.ts';
import { localIssuer, tokenIssuer } from './token-issuer.ts';

const port: PortOption = { flag: 'graphql-port', usual: 9240, serves: 'GraphQL' };

/** Whoever has the credentials of this machine's stack is this user. */
const userOf = ({ environment, account }: Pick<StackContext, 'environment' | 'account'>): IamUser => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment();
  return { accessKeyId, secretAccessKey, userArn: `arn:aws:iam::${account.accountId}:user/${accessKeyId}` };
};

/** AppSync: the template's one GraphQL API, and the issuer of tokens of this machine. */
export const appsync: LocalService = {
  name: 'appsync',
  kinds: [graphqlApi, graphqlApiKey, graphqlDataSource, graphqlFunction, graphqlResolver, graphqlSchema],
  port,
  start: async (context) => {
    const { system, deployment, open, reach, account, rewritten } = context;
    const api = only('GraphQL API', deployment.all(graphqlApi));
    const attributesOf = (logicalId: string) => deployment.physical(logicalId).attributes;
    const apiKeys = deployment.all(graphqlApiKey).map(({ logicalId }) => attributesOf(logicalId).ApiKey ?? '');
    const { server } = graphql(
      {
        api: api.properties,
        schema: only('GraphQL schema', deployment.all(graphqlSchema)).properties.Definition,
        apiKeys,
        iamUsers: [userOf(context)],
        region: account.region,
        dataSources: deployment.all(graphqlDataSource).map(({ properties }) => properties),
        functions: new Map(deployment.all(graphqlFunction).map(({ logicalId, properties }) => [logicalId, properties])),
        resolvers: deployment.all(graphqlResolver).map(({ properties }) => properties),
      },
      {
        onTable: (tableName, request) => runOnTable(reach('dynamodb', 'call'), tableName, request),
        invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
        // The seam for AppSync's real-time protocol: a subscription server listens here.
        mutated: () => undefined,
        leadsTo: rewritten,
        system,
      },
    );
    const url = `${urlAt(await open(server, port))}/graphql`;
    const tokens = urlAt(await open(await tokenIssuer(system)));
    return {
      endpoints: { graphql: url, apiKey: apiKeys[0] ?? '', tokens },
      addresses: [
        [attributesOf(api.logicalId).GraphQLUrl ?? '', url],
        [localIssuer, tokens],
      ],
    };
  },
};
