import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Has a local controller offer firmware to the chargers behind it. */
export const publishFirmware: Command = {
  name: 'PublishFirmware',
  kind: 'one-shot',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  needsConfirmation: () => true,
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
