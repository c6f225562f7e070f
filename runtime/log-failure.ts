import type { MiddlewareObj } from '@middy/core';
import { readableStack } from './readable-stack.ts';

/** One line per failed invocation: what failed, why and where, without the input (it may hold a password or a whole frame). */
export const logFailure = (trigger: string): MiddlewareObj => ({
  onError: ({ error, context }) => {
    console.error(failureLine(trigger, error, context.awsRequestId));
  },
});

/** The line in the log for a failure of what `trigger` set off. */
export const failureLine = (trigger: string, error: unknown, requestId?: string): string => {
  const failure = error instanceof Error ? error : new Error(String(error));
  const { name, message, cause } = failure;
  const stack = readableStack(failure);
  return JSON.stringify({ level: 'error', trigger, requestId, name, message, cause: textOf(cause), stack });
};

const textOf = (cause: unknown): string | undefined =>
  cause === undefined ? undefined : cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
