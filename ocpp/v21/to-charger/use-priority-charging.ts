import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NoProfile: there is no priority profile to use. */
export const usePriorityCharging: Command = {
  name: 'UsePriorityCharging',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected', 'NoProfile'] }),
};
