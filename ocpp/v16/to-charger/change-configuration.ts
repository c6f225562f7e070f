import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** RebootRequired: taken, in force after the next start. */
export const changeConfiguration: Command = {
  name: 'ChangeConfiguration',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({
    accepted: ['Accepted', 'RebootRequired'],
    rejected: ['Rejected'],
    notSupported: ['NotSupported'],
  }),
};
