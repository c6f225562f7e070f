import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/serve-alerts/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';

/** Answers the GraphQL fields about alerts that are more than a read. */
export const serveAlerts = (scope: Construct, id: string, deployment: Deployment, tables: Tables): IFunction => {
  const served = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'serve-alerts',
    environment: {
      CALLER_RULES: callerRulesText(deployment.stage.access),
      ALERTS_TABLE: tables.nameOf('alerts'),
      SETTINGS_TABLE: tables.nameOf('settings'),
      SITES_TABLE: tables.nameOf('sites'),
      STATIONS_TABLE: tables.nameOf('stations'),
    },
  });
  served
    .allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], tables.arnOf('alerts'))
    .allow(
      ['dynamodb:Query'],
      tables.indexArnOf('alerts', 'bySite'),
      tables.indexArnOf('alerts', 'byStation'),
      tables.indexArnOf('alerts', 'byOpen'),
      tables.indexArnOf('stations', 'bySite'),
    )
    .allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], tables.arnOf('settings'))
    .allow(['dynamodb:GetItem'], tables.arnOf('sites'));
  return served.lambda;
};
