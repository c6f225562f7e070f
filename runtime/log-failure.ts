import type { MiddlewareObj } from '@middy/core';

/** One line per failed invocation: what failed and why, without the input (it may hold a password or a whole frame). */
export const logFailure = (trigger: string): MiddlewareObj => ({
  onError: ({ error, context }) => {
    console.error(failureLine(trigger, error, context.awsRequestId));
  },
});

/** The line in the log for a failure of what `trigger` set off. */
export const failureLine = (trigger: string, error: unknown, requestId?: string): string => {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({ level: 'error', trigger, requestId, name, message, cause: textOf(cause) });
};

const textOf = (cause: unknown): string | undefined =>
  cause === undefined ? undefined : cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
