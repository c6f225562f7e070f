import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The messages come as NotifyDisplayMessages; Unknown: there are none. */
export const getDisplayMessages: Command = {
  name: 'GetDisplayMessages',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'Unknown'] }),
};
