import type { System } from '../../async/system.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import type { HeldRequest, UnsettledReply, WakeQueue, WakeUp } from '../ports/commands/wake-queue.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import { isAnswer, type SettleReply } from './settle-reply.ts';
import type { WakeMailbox } from './wake-mailbox.ts';

export type WakeUpPorts = {
  readonly mailbox: Pick<WakeMailbox, 'woken'>;
  readonly settle: SettleReply;
  readonly queue: Pick<WakeQueue, 'schedule' | 'settle'>;
  readonly system: Pick<System, 'clock'>;
  readonly warn: SampledWarning;
};

/** A failed message is handed over again after a minute, when the command may have timed out: this is sooner. */
const SETTLE_AGAIN_MS = 1_000;

/** Settles an answer that the gateway could not, and looks again after pauses that grow with its age while the store is out. */
const settleQueued = async (reply: UnsettledReply, { settle, queue, system, warn }: WakeUpPorts): Promise<void> => {
  const { stationId, ocpp, frame, receivedAt } = reply;
  const answer = readFrame(frame, ocpp);
  if (!isAnswer(answer)) return;
  try {
    await settle(stationId, answer, ocpp, undefined);
  } catch (error) {
    warn('replyNotSettled', { stationId, error: String(error) });
    const now = system.clock();
    await queue.settle(reply, now + Math.max(SETTLE_AGAIN_MS, (now - receivedAt) / 2));
  }
};

/**
 * Looks at a mailbox that was due, or to which an answer came that the gateway could not settle: its call is settled if it is
 * outstanding still, and what comes next is sent. A wake-up that came early, because no message can be delayed longer or because
 * two clocks differ, is sent on; one for an instant the mailbox no longer waits for ends here, as another one was queued for the new instant.
 */
export const answerWakeUp =
  (ports: WakeUpPorts) =>
  async (message: WakeUp | UnsettledReply): Promise<void> => {
    if ('frame' in message) return settleQueued(message, ports);
    const { mailbox, queue } = ports;
    const { stationId, dueAt } = message;
    const next = await mailbox.woken(stationId);
    // By the clock of that look it was too early, whatever the time is now: nobody else would look at this instant again.
    if (next === dueAt) await queue.schedule([{ stationId, dueAt }]);
  };

/** Handles whatever is queued: what concerns a mailbox, and requests that could not be taken before. */
export const answerQueued =
  (answer: (message: WakeUp | UnsettledReply) => Promise<void>, accept: (request: HeldRequest) => Promise<void>) =>
  (message: WakeUp | UnsettledReply | HeldRequest): Promise<void> =>
    'heldSince' in message ? accept(message) : answer(message);
