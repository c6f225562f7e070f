import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import {
  CfnApiKey,
  CfnFunctionConfiguration,
  CfnGraphQLApi,
  CfnGraphQLSchema,
  CfnResolver,
} from 'aws-cdk-lib/aws-appsync';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { deployedSchema } from '../../graphql/deployed-schema.ts';
import type { Resolver, ResolverStep } from '../../graphql/resolver.ts';
import { environment, resolvers } from '../../graphql/resolvers.ts';
import { signIns, tagReaders } from '../access.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { alarm } from '../constructs/alarm.ts';
import { Reminder } from '../constructs/reminder.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';
import { GraphqlSources } from './graphql-sources.ts';

const folder = join(import.meta.dirname, '../../graphql');
const runtime = { name: 'APPSYNC_JS', runtimeVersion: '1.0.0' };
/** A pipeline answers what its last function answered. */
const passThrough = 'export const request = () => ({});\nexport const response = (ctx) => ctx.prev.result;\n';

export type GraphqlApiProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  /** Data sources called `lambda:<name>` in graphql/resolvers/, by that name. */
  readonly lambdas: Readonly<Record<string, IFunction>>;
  /** When the API key stops working, seconds since the epoch; AppSync allows at most 365 days. */
  readonly keyExpiresAt: number;
};

/** The GraphQL API. Its resolvers are what graphql/resolvers/ lists, most of them straight on the tables. */
export class GraphqlApi extends Construct {
  readonly api: CfnGraphQLApi;
  readonly #schema: CfnGraphQLSchema;
  readonly #sources: GraphqlSources;
  readonly #functions = new Map<string, CfnFunctionConfiguration>();

  constructor(scope: Construct, id: string, { deployment, tables, lambdas, keyExpiresAt }: GraphqlApiProps) {
    super(scope, id);
    const { access } = deployment.stage;
    const ways = signIns(access);
    const logRole = new Role(this, 'LogRole', { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
    this.api = new CfnGraphQLApi(this, 'Api', {
      name: `wattstream-${deployment.name}`,
      authenticationType: 'API_KEY',
      additionalAuthenticationProviders: ways.map(({ provider }) => provider),
      environmentVariables: {
        ...Object.fromEntries(Object.entries(environment).map(([variable, table]) => [variable, tables.nameOf(table)])),
        ...tagReaders(access),
      },
      // Edges lead in circles: without these one query could read the network a million times over.
      queryDepthLimit: 12,
      resolverCountLimit: 2_000,
      xrayEnabled: true,
      logConfig: { fieldLogLevel: 'ERROR', excludeVerboseContent: true, cloudWatchLogsRoleArn: logRole.roleArn },
    });
    acknowledge(this.api, 'ASC3', 'Requests are logged; verbose content would add headers and tags of drivers.');
    this.#logs(deployment, logRole);
    this.#schema = new CfnGraphQLSchema(this, 'Schema', {
      apiId: this.api.attrApiId,
      definition: deployedSchema(ways.map(({ directive }) => directive)),
    });
    // AppSync refuses keys, functions and resolvers now and then while it still works on the schema.
    new CfnApiKey(this, 'Key', { apiId: this.api.attrApiId, expires: keyExpiresAt }).addResourceDependency(
      this.#schema,
    );
    new Reminder(this, 'KeyEnds', {
      deployment,
      at: (keyExpiresAt - 30 * 86_400) * 1_000,
      says: `In 30 days the API key of wattstream-${deployment.name} stops working: deploy again, which renews it.`,
      runbook: 'the-api-key-expires',
    });
    this.#sources = new GraphqlSources(this, 'Sources', { apiId: this.api.attrApiId, tables, lambdas });
    for (const resolver of resolvers) this.#resolver(resolver).addResourceDependency(this.#schema);
    alarm(this, 'Failures', deployment, {
      metric: new Metric({
        namespace: 'AWS/AppSync',
        metricName: '5XXError',
        dimensionsMap: { GraphQLAPIId: this.api.attrApiId },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      periods: 3,
      means: 'GraphQL requests fail for reasons of ours.',
      runbook: 'graphql-fails',
    });
  }

  /** AppSync names its log group itself; made here, the group has a retention and the role needs no right to create one. */
  #logs({ stage }: Deployment, role: Role): void {
    new LogGroup(this, 'Logs', {
      logGroupName: `/aws/appsync/apis/${this.api.attrApiId}`,
      retention: stage.logRetentionDays,
      removalPolicy: removalPolicy(stage),
    }).grantWrite(role);
  }

  #resolver({ type, field, steps }: Resolver): CfnResolver {
    const base = { apiId: this.api.attrApiId, typeName: type, fieldName: field, runtime };
    const [only, ...more] = steps;
    if (only === undefined) throw new Error(`${type}.${field} has no steps`);
    return new CfnResolver(
      this,
      `${type}.${field}`,
      more.length === 0
        ? { ...base, kind: 'UNIT', dataSourceName: this.#sources.nameFor(only), code: code(only) }
        : {
            ...base,
            kind: 'PIPELINE',
            code: passThrough,
            pipelineConfig: { functions: steps.map((step) => this.#function(step).attrFunctionId) },
          },
    );
  }

  /** One function per file and data source, shared by the pipelines that use it. */
  #function(step: ResolverStep): CfnFunctionConfiguration {
    const name = `${step.dataSource}_${step.code}`.replace(/[^A-Za-z0-9]+/g, '_').replace(/_js$/, '');
    const dataSourceName = this.#sources.nameFor(step);
    const made =
      this.#functions.get(name) ??
      new CfnFunctionConfiguration(this, name, {
        apiId: this.api.attrApiId,
        name,
        dataSourceName,
        runtime,
        code: code(step),
      });
    made.addResourceDependency(this.#schema);
    this.#functions.set(name, made);
    return made;
  }
}

const code = (step: ResolverStep): string => readFileSync(join(folder, step.code), 'utf8');
