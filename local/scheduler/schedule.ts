import { z } from 'zod';
import type { LocalSystem } from '../system.ts';
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
  readonly deadLetter: (queueArn: string, body: unknown) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
};

/** Runs the schedules on the clock's own minutes until stopped. */
export const startSchedules = (schedules: readonly Resource<z.infer<typeof Schedule>>[], ports: SchedulePorts) => {
  const { system } = ports;
  const cancels = new Set<() => void>();
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
            await ports.deadLetter(Target.DeadLetterConfig.Arn, event);
        }
      }
    };
    const plan = () => {
      const due = (Math.floor(system.clock() / period) + 1) * period;
      const cancel = system.after(due - system.clock(), () => {
        cancels.delete(cancel);
        plan();
        const one = run(due)
          .catch((error: unknown) => ports.report(`${logicalId}: ${String(error)}`))
          .finally(() => running.delete(one));
        running.add(one);
      });
      cancels.add(cancel);
    };
    plan();
  }
  return {
    /** Resolves when what runs is done. */
    stop: async () => {
      for (const cancel of cancels) cancel();
      await Promise.all(running);
    },
  };
};
