import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Unknown: there was no such message, which is what was wanted. Rejected since 2.1. */
export const clearDisplayMessage: Command = {
  name: 'ClearDisplayMessage',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'Unknown'], rejected: ['Rejected'] }),
};
