import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import { alarm } from './alarm.ts';
import { removalPolicy } from './removal-policy.ts';

/** The environment a Lambda declares in its env.ts, as the text CloudFormation passes: a missing variable fails compilation. */
export type Environment<Env> = { readonly [Name in keyof Env]: string };

export type BundledFunctionProps<Env> = {
  readonly deployment: Deployment;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  /** Which export of its handler.ts. Default 'handler'. */
  readonly exported?: string;
  readonly environment: Environment<Env>;
  /** Default 512. */
  readonly memoryMiB?: number;
  /** Default 10 seconds. */
  readonly timeout?: Duration;
  /** What invokes it, it sends messages to: Lambda stops such a loop in its seventeenth turn, unless it is told to let it be. */
  readonly isOwnSource?: true;
};

/**
 * One Lambda function with its own role, log group and alarm. Its role may write its own log and traces and nothing else:
 * whoever wires it adds what it needs with `allow`.
 */
export class BundledFunction<Env> extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps<Env>) {
    super(scope, id);
    const { deployment, entry, exported = 'handler' } = props;
    const logs = new LogGroup(this, 'Logs', {
      retention: deployment.stage.logRetentionDays,
      removalPolicy: removalPolicy(deployment.stage),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logs.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `${entry}.${exported}`,
      code: deployment.bundle.code(entry),
      handler: `handler.${exported}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB ?? 512,
      timeout: props.timeout ?? Duration.seconds(10),
      environment: { ...props.environment },
      role,
      logGroup: logs,
      // Text logging writes three platform lines (about 300 bytes) per call; the budget is 100 bytes per message.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      tracing: deployment.stage.traced ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.isOwnSource && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    if (deployment.stage.traced)
      acknowledge(
        this,
        'IAM5[Resource::*]',
        'X-Ray has no resources to name: PutTraceSegments and PutTelemetryRecords only.',
      );
    this.#alarm(deployment, entry);
  }

  /** Adds exact actions on exact resources to the function's role. */
  allow(actions: readonly string[], ...resources: readonly string[]): this {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    return this;
  }

  /** Adds exact actions on a pattern of resources; the reason says why no exact resource can be named. */
  allowPattern(actions: readonly string[], pattern: string, reason: string): this {
    acknowledgeWildcard(this, pattern, reason);
    return this.allow(actions, pattern);
  }

  #alarm(deployment: Deployment, entry: string): void {
    alarm(this, 'Errors', deployment, {
      metric: this.lambda.metricErrors({ period: Duration.minutes(1) }),
      when: { above: 0 },
      periods: 3,
      means: `${entry} fails: records are retried and parked, chargers repeat what was not answered.`,
      runbook: 'a-function-fails',
    });
  }
}
