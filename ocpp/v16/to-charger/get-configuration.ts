import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** Keys the charger does not know come back as unknownKey: an answer, not a refusal. */
export const getConfiguration: Command = {
  name: 'GetConfiguration',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'operator',
  outcome: byArrival,
};
