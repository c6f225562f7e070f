import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Scheduled: done when the running transaction ends. */
export const changeAvailability: Command = {
  name: 'ChangeAvailability',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'Scheduled'], rejected: ['Rejected'] }),
};
