import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/query-history/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';
import type { Windows } from '../stores/windows.ts';

export type QueryHistoryProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly windows: Windows;
};

/** Answers the API's questions about the past: a data source of the GraphQL API. */
export const queryHistory = (scope: Construct, id: string, props: QueryHistoryProps): IFunction => {
  const { deployment, tables, windows } = props;
  const source = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'query-history',
    environment: {
      CALLER_RULES: callerRulesText(deployment.stage.access),
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      SESSIONS_TABLE: tables.nameOf('sessions'),
      TIMELINE_TABLE: tables.nameOf('timeline'),
      WINDOW_STORE: windows.location,
    },
    // One core: a report of a year over 500 connectors is seconds of computation, and costs no more on a core than on a part
    // of one.
    memoryMiB: 1769,
    // AppSync waits for 30 s.
    timeout: Duration.seconds(28),
  });
  source
    .allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Scan'], tables.arnOf('stations'))
    .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'bySite'), tables.arnOf('timeline'))
    .allow(['dynamodb:BatchGetItem', 'dynamodb:Query'], tables.arnOf('connectors'))
    .allow(
      ['dynamodb:Query'],
      tables.indexArnOf('connectors', 'bySite'),
      tables.indexArnOf('connectors', 'activeBySite'),
      tables.indexArnOf('connectors', 'byActiveTag'),
    )
    .allow(['dynamodb:GetItem'], tables.arnOf('sessions'))
    .allow(['dynamodb:Query'], ...tables.indexArnsOf('sessions'));
  windows.readableBy(source);
  return source.lambda;
};
