import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The sum of metrics, of which one without data counts as 0: the newest minute as well, as long as its data are on their way. An
 * alarm that asks for several such minutes in a row would wait for ever, so it asks for some among more. It takes ten metrics
 * at most (CloudWatch, "Using math expressions with CloudWatch metrics", FILL).
 */
export const sumOf = (metrics: readonly IMetric[], period: Duration, label: string): MathExpression => {
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period, label });
};
