import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Reports or clears what the charger keeps about a customer; the report comes as NotifyCustomerInformation. */
export const customerInformation: Command = {
  name: 'CustomerInformation',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected', 'Invalid'] }),
};
