import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logFailure } from './log-failure.ts';

/** Every Lambda function of the stack: work on an event, and one line in the log for each invocation that fails. */
export const lambda = <Event, Result>(trigger: string, work: (event: Event, context: Context) => Promise<Result>) =>
  middy<Event, Result>(work).use(logFailure(trigger));
