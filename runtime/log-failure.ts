import type { MiddlewareObj } from '@middy/core';

/** One line per failed invocation: what failed and why, without the input (it may hold a password or a whole frame). */
export const logFailure = (trigger: string): MiddlewareObj => ({
  onError: ({ error, context }) => {
    const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
    console.error(
      JSON.stringify({ level: 'error', trigger, requestId: context.awsRequestId, name, message, cause: textOf(cause) }),
    );
  },
});

const textOf = (cause: unknown): string | undefined =>
  cause === undefined ? undefined : cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
