import type { SweepLease } from '../../use-cases/ports/sweep/sweep-progress.ts';

/** The fake of port SweepLease: of runs of the sweep that overlap, it lets one work. */
export const sweepLeaseInMemory = (): SweepLease => {
  let held: { scheduledAt: number; untilAt: number } | undefined;
  return {
    take: async ({ scheduledAt, now, untilAt }) => {
      if (held !== undefined && (held.scheduledAt >= scheduledAt || held.untilAt > now)) return false;
      held = { scheduledAt, untilAt };
      return true;
    },
    release: async (scheduledAt) => {
      if (held?.scheduledAt === scheduledAt) held.untilAt = 0;
    },
  };
};
