import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CfnApiKey,
  CfnDataSource,
  CfnFunctionConfiguration,
  CfnGraphQLApi,
  CfnGraphQLSchema,
  CfnResolver,
} from 'aws-cdk-lib/aws-appsync';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { ResolverEntry, ResolverStep } from './resolver-steps.ts';
import { type TableName, type Tables, tableNames } from './tables.ts';

const folder = join(import.meta.dirname, '..', 'graphql');
const javascript = { name: 'APPSYNC_JS', runtimeVersion: '1.0.0' };
/** A pipeline answers what its last function answered. */
const passThrough = `export const request = () => ({});\nexport const response = (ctx) => ctx.prev.result;\n`;

export type GraphqlApiProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  /** What graphql/resolvers.ts lists. */
  readonly resolvers: readonly ResolverEntry[];
  /** Data sources called `lambda:<name>` in the manifest. */
  readonly lambdas: Readonly<Record<string, IFunction>>;
  /** When the API key stops working, seconds since the epoch; AppSync allows at most 365 days. */
  readonly keyExpiresAt: number;
};

/** The GraphQL API. Its resolvers are what graphql/resolvers.ts lists, most of them straight on the tables. */
export class GraphqlApi extends Construct {
  readonly api: CfnGraphQLApi;
  readonly apiKey: CfnApiKey;
  readonly #props: GraphqlApiProps;
  readonly #sources = new Map<string, { readonly name: string; readonly allow: (step: ResolverStep) => void }>();

  constructor(scope: Construct, id: string, props: GraphqlApiProps) {
    super(scope, id);
    this.#props = props;
    const logRole = new Role(this, 'LogRole', { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
    this.api = new CfnGraphQLApi(this, 'Api', {
      name: `wattstream-${props.deployment.name}`,
      authenticationType: 'API_KEY',
      additionalAuthenticationProviders: [{ authenticationType: 'AWS_IAM' }],
      xrayEnabled: true,
      logConfig: { fieldLogLevel: 'ERROR', excludeVerboseContent: true, cloudWatchLogsRoleArn: logRole.roleArn },
    });
    // AppSync names its log group itself; made here, it has a retention and the role needs no right to create it.
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/appsync/apis/${this.api.attrApiId}`,
      retention: props.deployment.stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logs.grantWrite(logRole);
    const schema = new CfnGraphQLSchema(this, 'Schema', {
      apiId: this.api.attrApiId,
      // TEMPORARY fallback while the schema is being written.
      definition: existsSync(join(folder, 'schema.graphql'))
        ? readFileSync(join(folder, 'schema.graphql'), 'utf8')
        : 'type Query { station(stationId: ID!): String }',
    });
    this.apiKey = new CfnApiKey(this, 'Key', { apiId: this.api.attrApiId, expires: props.keyExpiresAt });
    for (const resolver of props.resolvers) {
      const made = this.#resolver(resolver.type, resolver.field, resolver.steps);
      made.addDependency(schema);
    }
  }

  #resolver(typeName: string, fieldName: string, steps: readonly ResolverStep[]): CfnResolver {
    const id = `${typeName}.${fieldName}`;
    const base = { apiId: this.api.attrApiId, typeName, fieldName, runtime: javascript };
    const [first, ...rest] = steps;
    if (first === undefined) throw new Error(`${id} has no steps`);
    if (rest.length === 0)
      return new CfnResolver(this, id, {
        ...base,
        kind: 'UNIT',
        dataSourceName: this.#source(first),
        code: code(first),
      });
    const functions = steps.map(
      (step, index) =>
        new CfnFunctionConfiguration(this, `${id}.${index + 1}`, {
          apiId: this.api.attrApiId,
          name: `${typeName}_${fieldName}_${index + 1}`,
          dataSourceName: this.#source(step),
          runtime: javascript,
          code: code(step),
        }),
    );
    return new CfnResolver(this, id, {
      ...base,
      kind: 'PIPELINE',
      code: passThrough,
      pipelineConfig: { functions: functions.map((made) => made.attrFunctionId) },
    });
  }

  /** Name of the data source of a step; made when first used, with the rights its steps add up to. */
  #source(step: ResolverStep): string {
    const known = this.#sources.get(step.dataSource);
    const source = known ?? this.#newSource(step.dataSource);
    if (known === undefined) this.#sources.set(step.dataSource, source);
    source.allow(step);
    return source.name;
  }

  #newSource(dataSource: string): { readonly name: string; readonly allow: (step: ResolverStep) => void } {
    const id = dataSource.replace('lambda:', '').replaceAll('-', '_');
    if (dataSource === 'none') {
      return { name: this.#dataSource(id, { type: 'NONE' }), allow: () => {} };
    }
    const role = new Role(this, `${id}.Role`, { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
    const policy = new Policy(this, `${id}.Policy`, { roles: [role] });
    const permit = (actions: string[], ...resources: string[]): void =>
      policy.addStatements(new PolicyStatement({ actions, resources }));
    if (dataSource.startsWith('lambda:')) {
      const lambda = this.#props.lambdas[dataSource.slice('lambda:'.length)];
      if (lambda === undefined)
        throw new Error(`graphql/resolvers.ts names ${dataSource}, which the stack does not wire`);
      permit(['lambda:InvokeFunction'], lambda.functionArn);
      const name = this.#dataSource(id, {
        type: 'AWS_LAMBDA',
        lambdaConfig: { lambdaFunctionArn: lambda.functionArn },
        serviceRoleArn: role.roleArn,
      });
      return { name, allow: () => {} };
    }
    const table = tableNames.find((candidate) => candidate === dataSource);
    if (table === undefined) throw new Error(`graphql/resolvers.ts names ${dataSource}, which is no data source`);
    return this.#tableSource(id, table, role, permit);
  }

  #tableSource(
    id: string,
    table: TableName,
    role: Role,
    permit: (actions: string[], ...resources: string[]) => void,
  ): { readonly name: string; readonly allow: (step: ResolverStep) => void } {
    const { tables } = this.#props;
    permit(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], tables.arnOf(table));
    permit(['dynamodb:Query'], tables.arnOf(table), ...tables.indexArnsOf(table));
    let writable = false;
    const allow = (step: ResolverStep): void => {
      if (!step.write || writable) return;
      writable = true;
      permit(['dynamodb:PutItem', 'dynamodb:UpdateItem'], tables.arnOf(table));
    };
    const name = this.#dataSource(id, {
      type: 'AMAZON_DYNAMODB',
      dynamoDbConfig: { tableName: tables.nameOf(table), awsRegion: Stack.of(this).region },
      serviceRoleArn: role.roleArn,
    });
    return { name, allow };
  }

  #dataSource(name: string, props: Omit<ConstructorParameters<typeof CfnDataSource>[2], 'apiId' | 'name'>): string {
    return new CfnDataSource(this, name, { apiId: this.api.attrApiId, name, ...props }).attrName;
  }
}

const code = (step: ResolverStep): string => readFileSync(resolve(folder, step.code), 'utf8');
