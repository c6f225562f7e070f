import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NotFound: there was no such control, which is what was wanted. */
export const clearDERControl: Command = {
  name: 'ClearDERControl',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted', 'NotFound'], rejected: ['Rejected'], notSupported: ['NotSupported'] }),
};
