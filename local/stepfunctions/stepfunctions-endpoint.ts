import { z } from 'zod';
import { httpServer, jsonReply, ServiceError } from '../http/http-server.ts';
import type { Execution, Executions } from './executions.ts';

const Start = z.strictObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
  traceHeader: z.string().optional(),
});
const One = z.object({ executionArn: z.string() });
const Machine = z.object({
  stateMachineArn: z.string(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
});

const seconds = (ms: number): number => ms / 1_000;

const summary = ({ executionArn, stateMachineArn, name, startedAt, end }: Execution) => ({
  executionArn,
  stateMachineArn,
  name,
  startDate: seconds(startedAt),
  status: end?.status ?? 'RUNNING',
  ...(end && { stopDate: seconds(end.at) }),
});

const description = (execution: Execution) => {
  const { input, end } = execution;
  const told = end?.status === 'SUCCEEDED' ? { output: end.output } : undefined;
  const failure = end?.status === 'FAILED' ? { error: end.error, cause: end.cause } : undefined;
  return { ...summary(execution), input, ...told, ...failure };
};

const parsed = <Value>(schema: z.ZodType<Value>, body: string): Value => {
  const { data, error } = schema.safeParse(JSON.parse(body));
  if (error) throw new ServiceError('ValidationException', z.prettifyError(error));
  return data;
};

/** Step Functions over HTTP for the AWS SDK: starting, stopping and looking at executions. */
export const stepfunctionsEndpoint = (executions: Executions) =>
  httpServer(async ({ headers, body }) => {
    const text = body.toString();
    const target = String(headers['x-amz-target']);
    switch (target) {
      case 'AWSStepFunctions.StartExecution': {
        const { stateMachineArn, name, input } = parsed(Start, text);
        const { executionArn, startedAt } = await executions.start(stateMachineArn, name, input);
        return jsonReply({ executionArn, startDate: seconds(startedAt) });
      }
      case 'AWSStepFunctions.StopExecution': {
        const stopped = await executions.stop(parsed(One, text).executionArn);
        return jsonReply({ stopDate: seconds(stopped.end?.at ?? stopped.startedAt) });
      }
      case 'AWSStepFunctions.DescribeExecution':
        return jsonReply(description(executions.describe(parsed(One, text).executionArn)));
      case 'AWSStepFunctions.ListExecutions': {
        const { stateMachineArn, statusFilter } = parsed(Machine, text);
        const listed = executions.list(stateMachineArn).map(summary);
        return jsonReply({ executions: listed.filter(({ status }) => (statusFilter ?? status) === status) });
      }
      default:
        throw new ServiceError('UnknownOperationException', `${target} is not emulated`);
    }
  });
