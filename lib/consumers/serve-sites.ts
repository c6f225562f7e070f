import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/serve-sites/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';

export type ServeSitesProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly signals: SignalStream;
};

/** Answers the GraphQL fields about the control of sites: how they are configured, and signals for them. */
export const serveSites = (
  scope: Construct,
  id: string,
  { deployment, tables, signals }: ServeSitesProps,
): IFunction => {
  const served = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'serve-sites',
    environment: {
      SITES_TABLE: tables.nameOf('sites'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SIGNAL_STREAM: signals.stream.streamName,
      CALLER_RULES: callerRulesText(deployment.stage.access),
    },
  });
  served
    .allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], tables.arnOf('sites'))
    .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'bySite'))
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('stations'));
  signals.writableBy(served);
  return served.lambda;
};
