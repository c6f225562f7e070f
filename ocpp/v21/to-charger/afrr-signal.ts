import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** A signal of automatic frequency restoration: it is about this moment and no later one. */
export const afrrSignal: Command = {
  name: 'AFRRSignal',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
