import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/query-network/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';

/** Answers the API's questions about sites and statuses: a data source of the GraphQL API. */
export const queryNetwork = (scope: Construct, id: string, deployment: Deployment, tables: Tables): IFunction => {
  const source = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'query-network',
    environment: {
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      SITES_TABLE: tables.nameOf('sites'),
      CALLER_RULES: callerRulesText(deployment.stage.access),
    },
  });
  source
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('stations'), tables.arnOf('connectors'), tables.arnOf('sites'))
    .allow(['dynamodb:GetItem'], tables.arnOf('sites'))
    .allow(['dynamodb:Query', 'dynamodb:Scan'], tables.indexArnOf('stations', 'bySite'))
    .allow(
      ['dynamodb:Query'],
      tables.indexArnOf('connectors', 'bySite'),
      tables.indexArnOf('connectors', 'byRegion'),
      tables.indexArnOf('connectors', 'byStatus'),
    );
  return source.lambda;
};
