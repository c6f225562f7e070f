import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byField } from '../../command-outcome.ts';

/** Whether a transaction runs, and whether messages about it still wait. */
export const getTransactionStatus: Command = {
  name: 'GetTransactionStatus',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byField('messagesInQueue', 'boolean'),
};
