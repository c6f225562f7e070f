import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Whatever a vendor has agreed on: nobody else knows what a repeat does. */
export const dataTransfer: Command = {
  name: 'DataTransfer',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Rejected'],
    notSupported: ['UnknownMessageId', 'UnknownVendorId'],
  }),
};
