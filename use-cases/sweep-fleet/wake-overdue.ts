import type { OverdueMailboxes } from '../ports/commands/overdue-mailboxes.ts';
import type { WakeQueue } from '../ports/commands/wake-queue.ts';

/** A mailbox is woken within seconds; one that is due for longer lost its wake-up. */
const GRACE_MS = 30_000;

/**
 * Queues a wake-up again for each mailbox that missed its own: without it a time-out would never be told, and the station's
 * queue would stand still. `now` is ms since the epoch.
 */
export const wakeOverdue =
  ({ overdue, queue }: { readonly overdue: OverdueMailboxes; readonly queue: Pick<WakeQueue, 'schedule'> }) =>
  async (now: number): Promise<{ readonly woken: number }> => {
    const late = await overdue.before(now - GRACE_MS);
    if (late.length > 0) await queue.schedule(late);
    return { woken: late.length };
  };
