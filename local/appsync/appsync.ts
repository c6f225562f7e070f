import { urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption } from '../stack/local-service.ts';
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

const port: PortOption = { flag: 'graphql-port', usual: 9240, serves: 'GraphQL' };

/** AppSync: the template's one GraphQL API. */
export const appsync: LocalService = {
  name: 'appsync',
  kinds: [graphqlApi, graphqlApiKey, graphqlDataSource, graphqlFunction, graphqlResolver, graphqlSchema],
  port,
  start: async ({ system, deployment, open, reach }) => {
    const api = only('GraphQL API', deployment.all(graphqlApi));
    const attributesOf = (logicalId: string) => deployment.physical(logicalId).attributes;
    const apiKeys = deployment.all(graphqlApiKey).map(({ logicalId }) => attributesOf(logicalId).ApiKey ?? '');
    const { server } = graphql(
      {
        api: api.properties,
        schema: only('GraphQL schema', deployment.all(graphqlSchema)).properties.Definition,
        apiKeys,
        dataSources: deployment.all(graphqlDataSource).map(({ properties }) => properties),
        functions: new Map(deployment.all(graphqlFunction).map(({ logicalId, properties }) => [logicalId, properties])),
        resolvers: deployment.all(graphqlResolver).map(({ properties }) => properties),
      },
      {
        onTable: (tableName, request) => runOnTable(reach('dynamodb', 'call'), tableName, request),
        invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
        // The seam for AppSync's real-time protocol: a subscription server listens here.
        mutated: () => undefined,
        system,
      },
    );
    const url = `${urlAt(await open(server, port))}/graphql`;
    return {
      endpoints: { graphql: url, apiKey: apiKeys[0] ?? '' },
      addresses: [[attributesOf(api.logicalId).GraphQLUrl ?? '', url]],
    };
  },
};
