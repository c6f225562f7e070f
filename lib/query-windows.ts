import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../lambdas/query-windows/env.ts';
import { BundledFunction } from './bundled-function.ts';
import type { Deployment } from './deployment.ts';
import type { Tables } from './tables.ts';
import type { Windows } from './windows.ts';

export type QueryWindowsProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly windows: Windows;
};

/** Answers the API's questions about the past: a data source of the GraphQL API. */
export const queryWindows = (scope: Construct, id: string, props: QueryWindowsProps): IFunction => {
  const { deployment, tables, windows } = props;
  const source = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'query-windows',
    environment: {
      STATIONS_TABLE: tables.nameOf('stations'),
      SESSIONS_TABLE: tables.nameOf('sessions'),
      TIMELINE_TABLE: tables.nameOf('timeline'),
      WINDOW_STORE: windows.location,
    },
  });
  source
    .allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Scan'], tables.arnOf('stations'))
    .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'bySite'), tables.arnOf('timeline'))
    .allow(['dynamodb:GetItem'], tables.arnOf('sessions'))
    .allow(['dynamodb:Query'], ...tables.indexArnsOf('sessions'));
  windows.readableBy(source);
  return source.lambda;
};
