import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** Shows the driver what the transaction costs so far. */
export const costUpdated: Command = {
  name: 'CostUpdated',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byArrival,
};
