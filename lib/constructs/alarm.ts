import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';

export type AlarmProps = {
  readonly metric: IMetric;
  /** The alarm rises above this value. */
  readonly above: number;
  /** Consecutive periods of the metric. Default 1. */
  readonly periods?: number;
  /** What is wrong and what to do first, for the operator on call. */
  readonly means: string;
};

/** Adds an alarm to the operations topic; a stage without alarms has no topic and gets none. */
export const alarm = (scope: Construct, id: string, { operations }: Deployment, props: AlarmProps): void => {
  if (operations === undefined) return;
  new Alarm(scope, id, {
    metric: props.metric,
    threshold: props.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: props.periods ?? 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: props.means,
  }).addAlarmAction(new SnsAction(operations));
};
