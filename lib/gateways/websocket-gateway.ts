import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';

/** Part of the URL that the CloudFront Function calls: lib/cloudfront/ocpp-path.js repeats it. */
const websocketStageName = 'live';

/** At most 100 bytes, and the longest field last: request, event, connection, status, station. */
const accessLogLine =
  '$context.requestId $context.eventType $context.connectionId $context.status $context.authorizer.principalId';

export type WebsocketRoutes = {
  readonly authorize: IFunction;
  readonly connect: IFunction;
  readonly disconnect: IFunction;
  /** Answers every message on the route it came by. */
  readonly message: IFunction;
};

/** The WebSocket API that chargers talk to, behind the front door. */
export class WebsocketGateway extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      description: `Wattstream ${deployment.name}: OCPP-J`,
      // Frames are JSON arrays, which no selection expression can look into: everything goes to $default.
      routeSelectionExpression: '$request.body.action',
    });
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: deployment.stage.logRetentionDays,
      removalPolicy: removalPolicy(deployment.stage),
    });
    this.stage = new WebSocketStage(this, 'Live', {
      webSocketApi: this.api,
      stageName: websocketStageName,
      autoDeploy: true,
      throttle: { rateLimit: deployment.stage.messagesPerSecond, burstLimit: deployment.stage.messageBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(accessLogLine),
      },
    });
    this.stage.node.addDependency(this.#accountLogs());
    for (const failure of ['IntegrationError', 'ExecutionError']) {
      alarm(this, failure, deployment, {
        metric: this.stage.metric(failure, { period: Duration.minutes(1), statistic: 'Sum' }),
        when: { above: 0 },
        periods: 3,
        means: 'Chargers do not get their answers.',
        runbook: 'chargers-get-no-answers',
      });
    }
  }

  /** Wires the routes. Apart from the constructor because their functions need this API's address. */
  route(routes: WebsocketRoutes): void {
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', routes.authorize, {
      // None: in which case headers arrive behind CloudFront is undocumented, and a source whose case does not match turns
      // every charger away. The Lambda reads them in any case.
      identitySource: [],
    });
    this.api.addRoute('$connect', {
      integration: new WebSocketLambdaIntegration('Connect', routes.connect),
      authorizer,
    });
    this.api.addRoute('$disconnect', { integration: new WebSocketLambdaIntegration('Disconnect', routes.disconnect) });
    this.api.addRoute('$default', {
      integration: new WebSocketLambdaIntegration('Message', routes.message),
      // The answer goes back on the route: calling back through @connections would double the messages against the quota.
      returnResponse: true,
    });
    for (const route of ['$disconnect', '$default'])
      acknowledge(
        this.api.node.findChild(`${route}-Route`),
        'APIG4',
        'API Gateway authorizes a socket once, on $connect.',
      );
  }

  /** Base address of the @connections API. */
  get callbackUrl(): string {
    return this.stage.callbackUrl;
  }

  /** Lets a function call back on sockets: close them (DELETE) or send on them (POST). */
  callableBy(caller: BundledFunction<unknown>, methods: readonly ('DELETE' | 'POST')[]): void {
    for (const method of methods) {
      const connections = this.stage.stack.formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: `${this.stage.stageName}/${method}/@connections/*`,
      });
      const reason = 'Ids of connections are made when they are opened.';
      caller.allowPattern(['execute-api:ManageConnections'], connections, reason);
    }
  }

  /** API Gateway writes access logs of WebSocket APIs only through a role of the account, one per region. */
  #accountLogs(): CfnAccount {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    acknowledge(
      role,
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]`,
      'API Gateway accepts the account-wide role only with the rights of this policy.',
    );
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    // Every API of the account logs through it: it must outlive this stack.
    role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    account.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return account;
  }
}

/** Host name of the API, without the front door. */
export const websocketHost = (gateway: WebsocketGateway): string =>
  `${gateway.api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
