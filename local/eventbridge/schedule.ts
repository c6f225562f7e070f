import { z } from 'zod';
import { ignored, named, type Resource, type ResourceKind } from '../template/resource-kind.ts';

const Schedule = z.strictObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string(),
    Input: z.string().optional(),
    DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    RetryPolicy: z
      .strictObject({ MaximumRetryAttempts: z.number().optional(), MaximumEventAgeInSeconds: ignored })
      .optional(),
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
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly deadLetter: (queueArn: string, body: string) => void;
  readonly report: (problem: string) => void;
  readonly now: () => number;
};

/** Runs the schedules on the clock's own minutes until stopped. */
export const startSchedules = (schedules: readonly Resource<z.infer<typeof Schedule>>[], ports: SchedulePorts) => {
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  for (const { logicalId, properties } of schedules) {
    if (properties.State === 'DISABLED') continue;
    const { Target, ScheduleExpression } = properties;
    const period = periodMs(ScheduleExpression);
    const run = async (dueMs: number) => {
      const event =
        Target.Input === undefined
          ? {}
          : JSON.parse(Target.Input.replaceAll('<aws.scheduler.scheduled-time>', new Date(dueMs).toISOString()));
      const attempts = 1 + (Target.RetryPolicy?.MaximumRetryAttempts ?? 0);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        try {
          await ports.invoke(Target.Arn, event);
          return;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          ports.report(`${logicalId}: ${reason}`);
          if (attempt === attempts && Target.DeadLetterConfig !== undefined)
            ports.deadLetter(Target.DeadLetterConfig.Arn, JSON.stringify(event));
        }
      }
    };
    const plan = () => {
      const due = (Math.floor(ports.now() / period) + 1) * period;
      const timer = setTimeout(() => {
        timers.delete(timer);
        plan();
        const one = run(due)
          .catch((error: unknown) => ports.report(`${logicalId}: ${String(error)}`))
          .finally(() => running.delete(one));
        running.add(one);
      }, due - ports.now());
      timers.add(timer);
    };
    plan();
  }
  return {
    /** Resolves when what runs is done. */
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
};
