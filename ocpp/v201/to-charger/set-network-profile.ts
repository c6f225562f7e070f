import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** How the charger reaches the network: a wrong one loses it. */
export const setNetworkProfile: Command = {
  name: 'SetNetworkProfile',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  needsConfirmation: () => true,
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected', 'Failed'] }),
};
