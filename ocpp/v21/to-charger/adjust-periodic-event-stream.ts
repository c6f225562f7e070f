import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** How often a stream of events is sent. */
export const adjustPeriodicEventStream: Command = {
  name: 'AdjustPeriodicEventStream',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
