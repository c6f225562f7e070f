import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** NoTariff: the charger has none. */
export const getTariffs: Command = {
  name: 'GetTariffs',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'NoTariff'], rejected: ['Rejected'] }),
};
