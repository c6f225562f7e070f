import type { System } from '../../async/system.ts';
import type { WakeQueue, WakeUp } from '../ports/commands/wake-queue.ts';
import type { WakeMailbox } from './wake-mailbox.ts';

export type WakeUpPorts = {
  readonly mailbox: Pick<WakeMailbox, 'woken'>;
  readonly queue: WakeQueue;
  readonly system: Pick<System, 'clock'>;
};

/**
 * Looks at a mailbox that was due. A wake-up that came early, because no message can be delayed longer, is sent on; one for
 * an instant the mailbox no longer waits for ends here, as another one was queued for the new instant.
 */
export const answerWakeUp =
  ({ mailbox, queue, system }: WakeUpPorts) =>
  async ({ stationId, dueAt }: WakeUp): Promise<void> => {
    const next = await mailbox.woken(stationId);
    if (next === dueAt && next > system.clock()) await queue.schedule([{ stationId, dueAt }]);
  };
