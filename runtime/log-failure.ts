import type { MiddlewareObj } from '@middy/core';

/**
 * One line per failed invocation: what failed and why, without the input (it may hold a password or a whole frame).
 * `expected` names messages of failures that are answers, such as a wrong password, and no news.
 */
export const logFailure = (trigger: string, expected: readonly string[] = []): MiddlewareObj => ({
  onError: ({ error, context }) => {
    if (error instanceof Error && expected.includes(error.message)) return;
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
