import { apigateway } from '../apigateway/apigateway.ts';
import { appsync } from '../appsync/appsync.ts';
import { cloudfront } from '../cloudfront/cloudfront.ts';
import { dynamodb } from '../dynamodb/dynamodb.ts';
import { eventbridge } from '../eventbridge/eventbridge.ts';
import { iot } from '../iot/iot.ts';
import { kinesis } from '../kinesis/kinesis.ts';
import { lambda } from '../lambda/lambda.ts';
import { s3 } from '../s3/s3.ts';
import { scheduler } from '../scheduler/scheduler.ts';
import { sns } from '../sns/sns.ts';
import { sqs } from '../sqs/sqs.ts';
import { ssm } from '../ssm/ssm.ts';
import { stepfunctions } from '../stepfunctions/stepfunctions.ts';
import { timestream } from '../timestream/timestream.ts';
import type { LocalService, MachineContext, StartService } from './local-service.ts';

/**
 * The AWS services of this machine, in the order they start; they stop in the reverse order. First the stores, DynamoDB
 * before all because its Java machine takes longest, then what runs code, last the ways in.
 */
export const localServices: readonly LocalService[] = [
  dynamodb,
  kinesis,
  s3,
  sqs,
  sns,
  ssm,
  timestream,
  eventbridge,
  appsync,
  lambda,
  stepfunctions,
  scheduler,
  cloudfront,
  apigateway,
  iot,
];

/** How a service starts once there is a template. What it can do without one begins now. */
export const startOf = (service: LocalService, machine: MachineContext): StartService =>
  'prepare' in service ? service.prepare(machine) : service.start;
