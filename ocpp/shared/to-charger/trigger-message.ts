import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Asks for a message now; the message itself comes as a call of the charger. */
export const triggerMessage: Command = {
  name: 'TriggerMessage',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'], notSupported: ['NotImplemented'] }),
};
