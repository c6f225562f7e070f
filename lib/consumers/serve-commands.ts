import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/serve-commands/env.ts';
import { callerRulesText } from '../access.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import type { Tables } from '../stores/tables.ts';

export type ServeCommandsProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly gateway: StationGateway;
};

/** Answers the GraphQL fields about commands, and about what they find out of a station. */
export const serveCommands = (scope: Construct, id: string, props: ServeCommandsProps): IFunction => {
  const { deployment, tables, gateway } = props;
  const served = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'serve-commands',
    environment: {
      CALLER_RULES: callerRulesText(deployment.stage.access),
      COMMANDS_TABLE: tables.nameOf('commands'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
    },
    // A client may wait 20 seconds for an outcome.
    timeout: Duration.seconds(28),
  });
  tables.mailboxesSteppedBy(served);
  gateway.sendableBy(served);
  served.allow(['dynamodb:Query'], tables.arnOf('commands')).allow(['dynamodb:GetItem'], tables.arnOf('stations'));
  return served.lambda;
};
