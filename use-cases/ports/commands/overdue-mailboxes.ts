import type { WakeUp } from './wake-queue.ts';

/** Mailboxes in which time should have changed something already. */
export type OverdueMailboxes = {
  /** Those that were due before an instant (ms since the epoch), some thousands at most; what is left is there the next time. */
  readonly before: (instant: number) => Promise<readonly WakeUp[]>;
};
