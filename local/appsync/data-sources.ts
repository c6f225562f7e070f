import { z } from 'zod';
import { DataSourceError } from './data-source-error.ts';
import type { GraphqlDefinition, GraphqlPorts } from './graphql-definition.ts';

/** Puts a resolver's request to the data source of that name. Rejects with DataSourceError for what the source refuses. */
export const dataSources = ({ dataSources }: Pick<GraphqlDefinition, 'dataSources'>, ports: GraphqlPorts) => {
  const sources = new Map(dataSources.map((source) => [source.Name, source]));
  return async (name: string, request: unknown): Promise<unknown> => {
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
};
