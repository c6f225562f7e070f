import { z } from 'zod';
import { RetryPolicy } from '../eventbridge/event-rule.ts';
import type { TargetDelivery } from '../eventbridge/target-delivery.ts';
import type { LocalSystem } from '../local-system.ts';
import { ignored, named, type Resource, type ResourceKind } from '../template/resource-kind.ts';

const Schedule = z.strictObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string(),
    Input: z.string().optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    RetryPolicy,
    RoleArn: ignored,
  }),
  Description: ignored,
  FlexibleTimeWindow: ignored,
  GroupName: ignored,
  KmsKeyArn: ignored,
  ScheduleExpressionTimezone: ignored,
});
export const schedule: ResourceKind<z.infer<typeof Schedule>> = {
  type: 'AWS::Scheduler::Schedule',
  properties: Schedule,
  physical: named('scheduler', 'Name', 'schedule/default/'),
};

/** The period of a rate(...) expression in ms; every minute may also be written as cron(* * * * ? *). */
export const periodMs = (expression: string): number => {
  if (/^cron\((\*|\*\/1|0\/1) \* \* \* \? \*\)$/.test(expression)) return 60_000;
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
  const unitMs = units[unit ?? ''];
  if (unitMs === undefined) throw new Error(`Schedule ${expression} is not supported by the local runtime: use rate()`);
  return Number(count) * unitMs;
};

export type SchedulePorts = {
  /** Hands the event of a run to its target; resolves when the delivery is kept. */
  readonly deliver: (delivery: TargetDelivery) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
};

/**
 * Runs the schedules on the clock's own minutes; the result ends them. A function is invoked asynchronously: the Scheduler
 * does not wait for it, the next run may overlap it, and its failures are the business of the function's own retries.
 */
export const startSchedules = (
  schedules: readonly Resource<z.infer<typeof Schedule>>[],
  { deliver, report, system }: SchedulePorts,
): (() => void) => {
  const cancels = new Map<string, () => void>();
  for (const { logicalId, properties } of schedules) {
    if (properties.State === 'DISABLED') continue;
    const { Target, ScheduleExpression } = properties;
    const period = periodMs(ScheduleExpression);
    const run = (dueMs: number) => {
      const event =
        Target.Input === undefined
          ? {}
          : JSON.parse(Target.Input.replaceAll('<aws.scheduler.scheduled-time>', new Date(dueMs).toISOString()));
      deliver({
        owner: logicalId,
        targetArn: Target.Arn,
        body: event,
        retryPolicy: Target.RetryPolicy,
        deadLetterArn: Target.DeadLetterConfig?.Arn,
        event,
      }).catch((error: unknown) => report(`${logicalId}: ${String(error)}`));
    };
    const plan = () => {
      const due = (Math.floor(system.clock() / period) + 1) * period;
      const next = () => {
        plan();
        run(due);
      };
      cancels.set(logicalId, system.after(due - system.clock(), next));
    };
    plan();
  }
  return () => {
    for (const cancel of cancels.values()) cancel();
  };
};
