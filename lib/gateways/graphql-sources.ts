import { Stack } from 'aws-cdk-lib';
import { CfnDataSource, type CfnDataSourceProps } from 'aws-cdk-lib/aws-appsync';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DataSource, ResolverStep } from '../../graphql/resolver.ts';
import { type TableName, type Tables, tableNames } from '../stores/tables.ts';

type Source = { readonly name: string; readonly allowWrites: () => void };
type Permit = (actions: string[], resources: string[]) => void;

export type GraphqlSourcesProps = {
  readonly apiId: string;
  readonly tables: Tables;
  /** By the name that follows `lambda:` in the manifest. */
  readonly lambdas: Readonly<Record<string, IFunction>>;
};

/** What resolvers talk to: each with a role of its own that may do what its steps need, and read-only unless one writes. */
export class GraphqlSources extends Construct {
  readonly #props: GraphqlSourcesProps;
  readonly #sources = new Map<DataSource, Source>();

  constructor(scope: Construct, id: string, props: GraphqlSourcesProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Name of the data source of a step; made when first asked for. */
  nameFor(step: ResolverStep): string {
    const source = this.#sources.get(step.dataSource) ?? this.#add(step.dataSource);
    this.#sources.set(step.dataSource, source);
    if (step.write) source.allowWrites();
    return source.name;
  }

  #add(dataSource: DataSource): Source {
    if (dataSource === 'none') {
      const refuse = (): never => {
        throw new Error("A step on 'none' cannot write");
      };
      return { name: this.#source('none', { type: 'NONE' }), allowWrites: refuse };
    }
    const id = dataSource.replace('lambda:', '').replaceAll('-', '_');
    const role = new Role(this, `${id}.Role`, { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
    const policy = new Policy(this, `${id}.Policy`, { roles: [role] });
    const permit: Permit = (actions, resources) => policy.addStatements(new PolicyStatement({ actions, resources }));
    const table = tableNames.find((candidate) => candidate === dataSource);
    return table === undefined ? this.#lambda(id, dataSource, role, permit) : this.#table(table, role, permit);
  }

  #table(table: TableName, role: Role, permit: Permit): Source {
    const { tables } = this.#props;
    const arn = tables.arnOf(table);
    permit(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [arn]);
    permit(['dynamodb:Query'], [arn, ...tables.indexArnsOf(table)]);
    // Lists of the whole network read an index of keys from end to end, page by page; never the items themselves.
    if (tables.indexArnsOf(table).length > 0) permit(['dynamodb:Scan'], tables.indexArnsOf(table));
    const name = this.#source(table, {
      type: 'AMAZON_DYNAMODB',
      dynamoDbConfig: { tableName: tables.nameOf(table), awsRegion: Stack.of(this).region },
      serviceRoleArn: role.roleArn,
    });
    return { name, allowWrites: () => permit(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [arn]) };
  }

  #lambda(id: string, dataSource: DataSource, role: Role, permit: Permit): Source {
    const lambda = this.#props.lambdas[dataSource.replace('lambda:', '')];
    if (lambda === undefined)
      throw new Error(`graphql/resolvers/ names '${dataSource}', which the stack does not wire`);
    permit(['lambda:InvokeFunction'], [lambda.functionArn]);
    const name = this.#source(id, {
      type: 'AWS_LAMBDA',
      lambdaConfig: { lambdaFunctionArn: lambda.functionArn },
      serviceRoleArn: role.roleArn,
    });
    // What a Lambda may do stands in its own role.
    return { name, allowWrites: () => undefined };
  }

  #source(name: string, props: Omit<CfnDataSourceProps, 'apiId' | 'name'>): string {
    return new CfnDataSource(this, name, { apiId: this.#props.apiId, name, ...props }).attrName;
  }
}
