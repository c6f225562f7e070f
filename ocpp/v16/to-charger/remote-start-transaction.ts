import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Accepted: the charger will try; the transaction itself comes as StartTransaction. */
export const remoteStartTransaction: Command = {
  name: 'RemoteStartTransaction',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
