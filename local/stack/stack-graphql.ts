import type { Server } from 'node:http';
import { graphql } from '../appsync/appsync.ts';
import { runOnTable } from '../appsync/dynamodb-source.ts';
import {
  graphqlApi,
  graphqlApiKey,
  graphqlDataSource,
  graphqlFunction,
  graphqlResolver,
  graphqlSchema,
} from '../appsync/resources.ts';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import type { Deployment } from '../template/deployment.ts';

/** The template's GraphQL API. */
export const graphqlOf = (
  deployment: Deployment,
  ports: {
    readonly dynamodb: AwsJsonCall;
    readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
    readonly now: () => number;
  },
): { readonly server: Server; readonly apiKey: string; readonly url: string } => {
  const [api, ...others] = deployment.all(graphqlApi);
  const [schema] = deployment.all(graphqlSchema);
  if (api === undefined || schema === undefined || others.length > 0)
    throw new Error('The local runtime runs exactly one GraphQL API with a schema');
  const apiKeys = deployment
    .all(graphqlApiKey)
    .map(({ logicalId }) => deployment.physical(logicalId).attributes.ApiKey ?? '');
  const { server } = graphql(
    {
      api: api.properties,
      schema: schema.properties.Definition,
      apiKeys,
      dataSources: deployment.all(graphqlDataSource).map(({ properties }) => properties),
      functions: new Map(deployment.all(graphqlFunction).map(({ logicalId, properties }) => [logicalId, properties])),
      resolvers: deployment.all(graphqlResolver).map(({ properties }) => properties),
    },
    {
      onTable: (tableName, request) => runOnTable(ports.dynamodb, tableName, request),
      invoke: ports.invoke,
      // The seam for AppSync's real-time protocol: a subscription server listens here.
      mutated: () => undefined,
      now: ports.now,
    },
  );
  const url = deployment.physical(api.logicalId).attributes.GraphQLUrl ?? '';
  return { server, apiKey: apiKeys[0] ?? '', url };
};
