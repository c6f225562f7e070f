import type { LocalSystem } from '../local-system.ts';
import type { ApiProperties, DataSourceProperties, FunctionProperties, ResolverProperties } from './graphql-api.ts';
import type { IamUser } from './signature-verifier.ts';

/** A GraphQL API as the template defines it. */
export type GraphqlDefinition = {
  readonly api: ApiProperties;
  readonly schema: string;
  readonly apiKeys: readonly string[];
  /** Whose signatures are taken, and for which region. */
  readonly iamUsers: readonly IamUser[];
  readonly region: string;
  readonly dataSources: readonly DataSourceProperties[];
  /** By function id. */
  readonly functions: ReadonlyMap<string, FunctionProperties>;
  readonly resolvers: readonly ResolverProperties[];
};

/** What a GraphQL API reaches beyond itself. */
export type GraphqlPorts = {
  /** One request on a table, shaped as AppSync shapes it. Throws DataSourceError. */
  readonly onTable: (tableName: string, request: unknown) => Promise<unknown>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Every successful mutation, for subscriptions. */
  readonly mutated: (field: string, result: unknown) => void;
  /** Where an address leads on this machine: itself, unless it is one the template made up. */
  readonly leadsTo: (address: string) => string;
  readonly system: LocalSystem;
};
