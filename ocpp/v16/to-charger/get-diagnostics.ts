import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** Without a fileName there is nothing to upload. */
export const getDiagnostics: Command = {
  name: 'GetDiagnostics',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byArrival,
};
