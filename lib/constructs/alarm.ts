import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { type RunbookEntry, runbookLink } from './runbook-link.ts';

export type AlarmProps = {
  readonly metric: IMetric;
  /** The alarm rises above this value, or below it. */
  readonly when: { readonly above: number } | { readonly below: number };
  /** Periods of the metric that have to be wrong. Default 1. */
  readonly periods?: number;
  /** Among how many of the last periods. Default: all of them in a row. */
  readonly among?: number;
  /** What no data at all means. Default 'fine'. */
  readonly silence?: 'fine' | 'alarming';
  /** What is wrong, for the operator on call. */
  readonly means: string;
  /** What to do about it. */
  readonly runbook: RunbookEntry;
};

/** Adds an alarm to the operations topic; a stage without alarms has no topic and gets none. */
export const alarm = (scope: Construct, id: string, { operations }: Deployment, props: AlarmProps): void => {
  if (operations === undefined) return;
  const { when, periods = 1, among = periods, silence = 'fine' } = props;
  const [threshold, comparisonOperator] =
    'above' in when
      ? [when.above, ComparisonOperator.GREATER_THAN_THRESHOLD]
      : [when.below, ComparisonOperator.LESS_THAN_THRESHOLD];
  new Alarm(scope, id, {
    metric: props.metric,
    threshold,
    comparisonOperator,
    evaluationPeriods: among,
    ...(among !== periods && { datapointsToAlarm: periods }),
    treatMissingData: silence === 'alarming' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmDescription: `${props.means} ${runbookLink(props.runbook)}`,
  }).addAlarmAction(new SnsAction(operations));
};
