import { Duration, type Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Deployment } from '../deployment.ts';
import { alarm } from './alarm.ts';
import { sumOf } from './sum-of.ts';

/** An alarm takes so many metrics at most. */
const MOST_METRICS = 10;

/**
 * Alarms for functions the account's concurrency leaves no room for, several functions to an alarm: the cause is one for all,
 * and a stack holds 500 resources. To be called when all functions are there.
 */
export const functionThrottleAlarms = (stack: Stack, deployment: Deployment): void => {
  const period = Duration.minutes(1);
  const functions = stack.node.findAll().filter((construct) => construct instanceof LambdaFunction);
  for (let from = 0; from < functions.length; from += MOST_METRICS) {
    const throttles = functions.slice(from, from + MOST_METRICS).map((one) => one.metricThrottles({ period }));
    alarm(stack, `FunctionThrottles${from / MOST_METRICS}`, deployment, {
      metric: sumOf(throttles, period, 'throttles'),
      when: { above: 0 },
      periods: 3,
      among: 5,
      means: "Functions are throttled by the account's Lambda concurrency: the metrics of this alarm say which.",
      runbook: 'a-function-is-throttled',
    });
  }
};
