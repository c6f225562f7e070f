import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** TriggerMessage of the security white paper, which knows more messages. */
export const extendedTriggerMessage: Command = {
  name: 'ExtendedTriggerMessage',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'], notSupported: ['NotImplemented'] }),
};
