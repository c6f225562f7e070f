import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byArrival } from '../../command-outcome.ts';

/** A driver pays on the web: the EVSE waits for it. */
export const notifyWebPaymentStarted: Command = {
  name: 'NotifyWebPaymentStarted',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byArrival,
};
