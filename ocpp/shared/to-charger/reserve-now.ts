import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Rejected where the charger takes no reservations; the other words say what stands in the way. */
export const reserveNow: Command = {
  name: 'ReserveNow',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Faulted', 'Occupied', 'Rejected', 'Unavailable'] }),
};
