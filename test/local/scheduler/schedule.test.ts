import { expect, it } from 'vitest';
import type { TargetDelivery } from '../../../local/eventbridge/target-delivery.ts';
import { periodMs, schedule, startSchedules } from '../../../local/scheduler/schedule.ts';
import { skippingSystem } from '../../fakes/local-system.ts';

it('hands a run to its target at every full minute, with the minute in it, and does not wait for the one before', async () => {
  const delivered: TargetDelivery[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const properties = schedule.properties.parse({
    ScheduleExpression: 'rate(1 minute)',
    Target: { Arn: 'sweep', Input: '{"at":"<aws.scheduler.scheduled-time>"}', DeadLetterConfig: { Arn: 'letters' } },
  });
  const stop = startSchedules([{ logicalId: 'EveryMinute', properties }], {
    // It never settles: a run that hangs.
    deliver: (delivery) => {
      if (delivered.push(delivery) === 3) resolve();
      return new Promise(() => undefined);
    },
    report: () => undefined,
    system: skippingSystem(Date.UTC(2026, 0, 2, 3, 4, 30)),
  });
  await enough;
  stop();
  const [first] = delivered;
  expect(delivered.map(({ body }) => body)).toEqual(
    ['03:05', '03:06', '03:07'].map((minute) => ({ at: `2026-01-02T${minute}:00.000Z` })),
  );
  expect(first).toMatchObject({
    owner: 'EveryMinute',
    targetArn: 'sweep',
    deadLetterArn: 'letters',
    retryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
  });
});

it.each([
  ['rate(1 minute)', 60_000],
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['cron(* * * * ? *)', 60_000],
])('runs %s every %i ms', (expression, expected) => {
  expect(periodMs(expression)).toBe(expected);
});

it('refuses a schedule it cannot keep', () => {
  expect(() => periodMs('cron(0 3 * * ? *)')).toThrow(/not supported/);
});
