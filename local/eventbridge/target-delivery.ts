import type { z } from 'zod';
import { retry } from '../../async/retry.ts';
import { type KeptTasks, keptTasks, StackStops } from '../kept-tasks.ts';
import type { StackContext } from '../stack/local-service.ts';
import type { RetryPolicy } from './event-rule.ts';

/** Something on its way to the target of a rule or schedule. */
export type TargetDelivery = {
  /** Whose target it is, for whoever reads a report. */
  readonly owner: string;
  readonly targetArn: string;
  readonly body: unknown;
  readonly partitionKey?: string | undefined;
  readonly retryPolicy: z.infer<typeof RetryPolicy>;
  readonly deadLetterArn?: string | undefined;
  /** What a dead-letter queue is told. */
  readonly event: unknown;
};

/**
 * Deliveries to targets, kept until they have arrived: tried again for as long and as often as the target's policy says, then
 * left in its dead-letter queue. For a function arrived means queued: its own retries begin there.
 */
export const targetDeliveries = (
  name: string,
  { journal, reach, report, system }: Pick<StackContext, 'journal' | 'reach' | 'report' | 'system'>,
): Promise<KeptTasks<TargetDelivery>> =>
  keptTasks<TargetDelivery>(
    async ({ owner, targetArn, body, partitionKey, retryPolicy, deadLetterArn, event }, sleep) => {
      let attempts = 0;
      const deliver = async () => {
        attempts += 1;
        await reach(targetArn, 'deliver')(targetArn, { body, partitionKey });
      };
      try {
        await retry(
          deliver,
          {
            isTransient: (error) => !(error instanceof StackStops),
            attempts: retryPolicy.MaximumRetryAttempts + 1,
            firstMs: 1_000,
            longestMs: 300_000,
            budgetMs: retryPolicy.MaximumEventAgeInSeconds * 1_000,
          },
          { ...system, sleep },
        );
      } catch (error) {
        if (error instanceof StackStops) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        report(`${owner} could not reach ${targetArn} in ${attempts} attempts: ${reason}`);
        if (deadLetterArn !== undefined) await reach(deadLetterArn, 'deliver')(deadLetterArn, { body: event });
      }
    },
    { open: (current) => journal(name, current), report, system },
  );
