import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** Without streams the list is left out. */
export const getPeriodicEventStream: Command = {
  name: 'GetPeriodicEventStream',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byArrival,
};
