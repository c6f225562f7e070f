import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** AcceptedCanceled: accepted, and an upload that was still running was cancelled for it. */
export const getLog: Command = {
  name: 'GetLog',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'AcceptedCanceled'], rejected: ['Rejected'] }),
};
