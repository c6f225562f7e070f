import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/serve-demand-response/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from '../stores/tables.ts';
import type { DemandResponse } from './demand-response.ts';

export type ServeDemandResponseProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly demandResponse: DemandResponse;
};

/** Answers the GraphQL fields about demand response. */
export const serveDemandResponse = (scope: Construct, id: string, props: ServeDemandResponseProps): IFunction => {
  const { deployment, tables, demandResponse } = props;
  const served = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'serve-demand-response',
    environment: {
      CALLER_RULES: callerRulesText(deployment.stage.access),
      GRID_TABLE: tables.nameOf('grid'),
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      STATE_MACHINE: demandResponse.stateMachineArn,
      METER_INTERVAL_SEC: String(deployment.stage.meterIntervalSeconds),
    },
  });
  demandResponse.submittableBy(served);
  served
    .allow(['dynamodb:Query'], tables.arnOf('grid'), tables.indexArnOf('grid', 'byStart'))
    .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'byZone'), tables.indexArnOf('stations', 'bySite'))
    .allow(['dynamodb:BatchGetItem'], tables.arnOf('stations'), tables.arnOf('connectors'), tables.arnOf('grid'));
  return served.lambda;
};
